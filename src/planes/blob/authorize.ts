/** Whether the caller's roles allow the operation at the container or account, decided before anything is looked up. */
import type { Access } from "../../app/access/access.ts";
import type { AccessJournal } from "../../app/access/access-journal.ts";
import { type Caller, callerOf, type JudgedRequest } from "../../app/access/judged-request.ts";
import { builtInRolesGranting } from "../../core/access/operation-access.ts";
import type { Exchange } from "../../http/exchange.ts";
import type { BlobOperation } from "../../wire/storage/blob-operations.ts";
import type { BlobAddress } from "./address.ts";
import type { BlobCaller } from "./authenticate.ts";
import { blobFault } from "./blob-fault.ts";

export interface BlobAuthorization {
  readonly access: Access;
  readonly journal: AccessJournal;
  readonly clock: () => number;
}

/** @throws Fault AuthorizationPermissionMismatch; for a delegate what a wrong signature gets too, so that nobody can ask for another's roles */
export async function authorize(
  { access, journal, clock }: BlobAuthorization,
  exchange: Exchange,
  caller: Exclude<BlobCaller, { kind: "sas" }>,
  { name, permissions }: BlobOperation,
  { account, scope }: Pick<BlobAddress, "account" | "scope">,
): Promise<void> {
  const request: JudgedRequest = {
    requestId: exchange.id,
    at: clock(),
    caller: judgedCaller(caller, account.tenantId),
    plane: "blob",
    operation: name,
    scope,
    target: exchange.shortPath,
  };
  const isRead = exchange.method === "GET" || exchange.method === "HEAD";
  if (caller.kind === "sharedKey") {
    if (!isRead) exchange.onEnd(journal.allowed(request, [], "SharedKey"));
    return;
  }
  if (permissions === null)
    throw blobFault("FeatureNotSupported", `${name} takes a shared key or a SAS only.`);
  const objectId = caller.kind === "delegate" ? caller.objectId : caller.principal.objectId;
  const held = await access.principal(account.tenantId, objectId);
  for (const permission of permissions) {
    const decision = held.decide(permission, scope);
    if (!decision.allowed) continue;
    if (!isRead) exchange.onEnd(journal.allowed(request, [permission], [decision.by]));
    else if (journal.recordings.isOn(objectId)) journal.recordings.use(objectId, [permission], scope);
    return;
  }
  const [missing] = permissions;
  if (missing) {
    const denial = {
      missing,
      considered: held.explain(missing, scope),
      builtInRoles: builtInRolesGranting(missing),
    };
    exchange.onEnd(journal.denied(request, denial));
  }
  throw blobFault(caller.kind === "delegate" ? "AuthorizationFailure" : "AuthorizationPermissionMismatch");
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
