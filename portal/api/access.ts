/** Questions about access: what was refused and why, what was done, and what is used. The service's own API, in `wire/access`'s shapes. */
import {
  ACCESS_API_VERSION,
  type AccessCheck,
  type AuditEntry,
  type ExplainedDenial,
  type RecordedRole,
} from "../../src/wire/access/access-api.ts";
import type { Permission } from "../../src/wire/rbac/permission.ts";
import { type Ask, askJson, Refusal } from "./service-request.ts";

export type { AccessCheck, AuditEntry, ExplainedDenial, RecordedRole };

const access = <Value>(
  path: string,
  query: Readonly<Record<string, string>> = {},
  asked?: Ask,
): Promise<Value> =>
  askJson(
    "arm",
    `/providers/Batchyard.Access/${path}?${new URLSearchParams({ "api-version": ACCESS_API_VERSION, ...query })}`,
    asked,
  );

/** Newest first. */
export const auditList = async (last: number): Promise<AuditEntry[]> =>
  (
    await access<{ readonly value: readonly AuditEntry[] }>("audit", { last: String(last) })
  ).value.toReversed();

export const denialExplain = (requestId: string) =>
  access<ExplainedDenial>(`denials/${encodeURIComponent(requestId)}`);

export const accessCheck = (principal: string, permission: Permission, scope: string) =>
  access<AccessCheck>(
    "checkAccess",
    {},
    {
      method: "POST",
      body: {
        principal,
        scope,
        ...(permission.kind === "action" ? { action: permission.name } : { dataAction: permission.name }),
      },
    },
  );

const recordingPath = (principal: string) => `recordings/${encodeURIComponent(principal)}`;

/** Undefined where none of the principal is on. */
export const recordingRead = async (principal: string): Promise<RecordedRole | undefined> => {
  try {
    return await access<RecordedRole>(recordingPath(principal));
  } catch (error) {
    if (error instanceof Refusal && error.code === "RecordingNotFound") return undefined;
    throw error;
  }
};
export const recordingStart = (principal: string, scope: string, seconds: number) =>
  access<RecordedRole>(recordingPath(principal), {}, { method: "PUT", body: { scope, seconds } });
/** Ends it, and gives what it held. */
export const recordingStop = (principal: string) =>
  access<RecordedRole>(recordingPath(principal), {}, { method: "DELETE" });
