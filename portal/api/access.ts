/** Questions about access: what was refused and why, and what was done. The service's own API, in the shape in which it answers. */
import type { RolePermissions } from "../../src/wire/rbac/role-definition.ts";
import { type Ask, askJson, Refusal } from "./service-request.ts";

const VERSION = "2026-01-01";

const access = <Value>(
  path: string,
  query: Readonly<Record<string, string>> = {},
  asked?: Ask,
): Promise<Value> =>
  askJson(
    "arm",
    `/providers/Batchyard.Access/${path}?${new URLSearchParams({ "api-version": VERSION, ...query })}`,
    asked,
  );

export interface Permission {
  readonly name: string;
  readonly kind: "action" | "dataAction";
}

interface Caller {
  readonly principalId: string | null;
  readonly principalType: string;
  readonly appId?: string | null;
  readonly task?: { readonly jobId: string; readonly taskId: string };
  readonly from?: string;
}

export interface AuditEntry {
  readonly time: string;
  readonly requestId: string;
  readonly caller: Caller;
  readonly plane: string;
  readonly operation: string;
  readonly scope: string;
  readonly target: string;
  readonly decision: "allowed" | "denied";
  readonly by?: readonly { readonly roleName: string }[] | "SharedKey";
  readonly missing?: string;
  readonly status: number;
  readonly times?: number;
}

/** Newest first. */
export const auditList = async (last: number): Promise<AuditEntry[]> =>
  (
    await access<{ readonly value: readonly AuditEntry[] }>("audit", { last: String(last) })
  ).value.toReversed();

export interface Denial {
  readonly requestId: string;
  readonly time: string;
  readonly caller: Caller;
  readonly operation: string;
  readonly scope: string;
  readonly target: string;
  readonly missing: Permission;
  readonly considered: readonly { readonly scope: string; readonly roleName: string; readonly why: string }[];
  readonly unlisted: number;
  readonly builtInRoles: readonly string[];
}
export const denialExplain = (requestId: string) =>
  access<Denial>(`denials/${encodeURIComponent(requestId)}`);

export interface AccessCheck {
  readonly principal: { readonly objectId: string; readonly displayName: string; readonly type: string };
  readonly permission: Permission;
  readonly scope: string;
  readonly allowed: boolean;
  readonly by: Grant | null;
  readonly considered: Denial["considered"];
  readonly builtInRoles: readonly string[];
  /** Of the Batch service, whose operations one of another permission may call, too; null for other permissions. */
  readonly operations: { readonly allowed: boolean; readonly by: readonly Grant[] } | null;
}
interface Grant {
  readonly roleName: string;
  readonly scope: string;
  readonly pattern: string;
}
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

export interface Recorded {
  readonly principal: { readonly objectId: string; readonly displayName: string };
  readonly recording: {
    /** Milliseconds since the epoch. */
    readonly endsAt: number;
    readonly used: readonly { readonly permission: Permission; readonly scope: string }[];
    readonly isTruncated: boolean;
  };
  /** Null when nothing was used. */
  readonly role: { readonly properties: RecordedRole } | null;
}
interface RecordedRole {
  readonly roleName: string;
  readonly description: string;
  readonly assignableScopes: readonly string[];
  readonly permissions: readonly RolePermissions[];
}
const recordingPath = (principal: string) => `recordings/${encodeURIComponent(principal)}`;

/** Undefined where none of the principal is on. */
export const recordingRead = async (principal: string): Promise<Recorded | undefined> => {
  try {
    return await access<Recorded>(recordingPath(principal));
  } catch (error) {
    if (error instanceof Refusal && error.code === "RecordingNotFound") return undefined;
    throw error;
  }
};
export const recordingStart = (principal: string, scope: string, seconds: number) =>
  access<Recorded>(recordingPath(principal), {}, { method: "PUT", body: { scope, seconds } });
/** Ends it, and gives what it held. */
export const recordingStop = (principal: string) =>
  access<Recorded>(recordingPath(principal), {}, { method: "DELETE" });
