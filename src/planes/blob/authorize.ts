/** Whether the caller's roles and signature allow the operation at the container or account, decided before anything is looked up. */

import type { Access } from "../../app/access/access.ts";
import type { AccessJournal } from "../../app/access/access-journal.ts";
import { callerOf, type JudgedRequest } from "../../app/access/judged-request.ts";
import { builtInRolesGranting } from "../../core/access/operation-access.ts";
import type { Caller } from "../../wire/access/access-api.ts";
import type { Permission } from "../../wire/rbac/permission.ts";
import { type BlobOperation, TAGS_READ, TAGS_WRITE } from "../../wire/storage/blob-operations.ts";
import type { BlobAddress } from "./address.ts";
import { blobFault } from "./blob-fault.ts";
import { type BlobRequest, headerOf } from "./blob-request.ts";
import type { BlobCaller, SasGrant } from "./caller.ts";

export interface BlobAuthorization {
  readonly access: Access;
  readonly journal: AccessJournal;
  readonly clock: () => number;
}

export interface Allowed {
  /** The blob must not be there yet: who may create may not write over. */
  readonly isForNew: boolean;
}

/** What a request asks beside its operation. */
interface Need {
  readonly letters: string;
  readonly permissions: readonly Permission[] | null;
}

/** @throws Fault AuthorizationPermissionMismatch, AuthorizationResourceTypeMismatch, FeatureNotSupported */
export async function authorize(
  plane: BlobAuthorization,
  request: BlobRequest,
  caller: BlobCaller,
  operation: BlobOperation,
  address: Pick<BlobAddress, "account" | "scope">,
): Promise<Allowed> {
  const needs: Need[] = [operation, ...needsOfTags(request)];
  if (caller.kind === "sas" || caller.kind === "delegate") checkGrant(caller.grant, operation, needs);
  if (caller.kind !== "sas") await checkRoles(plane, request, caller, { operation, needs, address });
  if (caller.kind === "principal" || caller.kind === "sharedKey") return { isForNew: false };
  const { lettersForNew = "", letters } = operation;
  const always = [...letters].filter((letter) => !lettersForNew.includes(letter)).join("");
  return { isForNew: lettersForNew !== "" && !hasAny(caller.grant.letters, always) };
}

/** Tags have permissions of their own, also where they come along with something else. */
function needsOfTags(request: BlobRequest): Need[] {
  const reads = { letters: "t", permissions: [TAGS_READ] };
  const writes = { letters: "t", permissions: [TAGS_WRITE] };
  const included = (request.query.get("include") ?? "").split(",");
  return [
    ...(headerOf(request, "x-ms-tags") === undefined ? [] : [writes]),
    ...(headerOf(request, "x-ms-if-tags") === undefined && !included.includes("tags") ? [] : [reads]),
  ];
}

function checkGrant(
  grant: SasGrant,
  { byServiceSas, resourceTypes }: BlobOperation,
  needs: readonly Need[],
): void {
  if (grant.kind === "account") {
    if (!hasAny(grant.resourceTypes, resourceTypes)) throw blobFault("AuthorizationResourceTypeMismatch");
  } else if (!byServiceSas) throw blobFault("AuthorizationPermissionMismatch");
  if (!needs.every(({ letters }) => hasAny(grant.letters, letters))) {
    throw blobFault("AuthorizationPermissionMismatch");
  }
}

const hasAny = (held: string, wanted: string) => [...wanted].some((letter) => held.includes(letter));

async function checkRoles(
  { access, journal, clock }: BlobAuthorization,
  { id, method, shortPath, onEnd }: BlobRequest,
  caller: Exclude<BlobCaller, { kind: "sas" }>,
  asked: {
    readonly operation: BlobOperation;
    readonly needs: readonly Need[];
    readonly address: Pick<BlobAddress, "account" | "scope">;
  },
): Promise<void> {
  const { account, scope } = asked.address;
  const request: JudgedRequest = {
    requestId: id,
    at: clock(),
    caller: judgedCaller(caller, account.tenantId),
    plane: "blob",
    operation: asked.operation.name,
    scope,
    target: shortPath,
  };
  const isRead = method === "GET" || method === "HEAD";
  if (caller.kind === "sharedKey") {
    if (!isRead) onEnd(journal.allowed(request, [], "SharedKey"));
    return;
  }
  const objectId = caller.kind === "delegate" ? caller.objectId : caller.principal.objectId;
  const held = await access.principal(account.tenantId, objectId);
  const used: Permission[] = [];
  const by = [];
  for (const { permissions } of asked.needs) {
    if (permissions === null) {
      throw blobFault("FeatureNotSupported", {
        Reason: `${request.operation} takes a shared key or a SAS only.`,
      });
    }
    const [missing] = permissions;
    if (missing === undefined) continue;
    const decided = permissions.map((permission) => ({
      permission,
      decision: held.decide(permission, scope),
    }));
    const found = decided.find(({ decision }) => decision.allowed);
    if (found?.decision.allowed) {
      used.push(found.permission);
      by.push(found.decision.by);
      continue;
    }
    const denial = {
      missing,
      considered: held.explain(missing, scope),
      builtInRoles: builtInRolesGranting(missing),
    };
    onEnd(journal.denied(request, denial));
    throw blobFault("AuthorizationPermissionMismatch");
  }
  if (!isRead && used.length > 0) onEnd(journal.allowed(request, used, by));
  else if (journal.recordings.isOn(objectId)) journal.recordings.use(objectId, used, scope);
}

function judgedCaller(caller: Exclude<BlobCaller, { kind: "sas" }>, tenantId: string): Caller {
  switch (caller.kind) {
    case "principal":
      return callerOf(caller.principal);
    case "delegate":
      return { tenantId, principalId: caller.objectId, principalType: "ServicePrincipal", appId: null };
    case "sharedKey":
      return { tenantId, principalId: null, principalType: "SharedKey", appId: null };
  }
}
