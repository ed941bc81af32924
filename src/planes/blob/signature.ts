/** Requests by a shared access signature: whether it is right, of now, of here, and what it grants. */
import type { Storage } from "../../app/storage/storage.ts";
import type { StorageAccount } from "../../app/storage/storage-account.ts";
import { storedPolicy } from "../../app/storage/stored-policy.ts";
import { delegationKeyValue } from "../../core/storage/delegation-key.ts";
import {
  isInRange,
  sasFormProblem,
  sasKindOf,
  sasMatches,
  sasTerms,
  sasTimeProblem,
} from "../../core/storage/sas.ts";
import type { BlobAddress } from "./address.ts";
import { blobFault } from "./blob-fault.ts";
import type { BlobRequest } from "./blob-request.ts";
import type { BlobCaller } from "./caller.ts";

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @throws Fault AuthenticationFailed, AuthorizationSourceIPMismatch, KeyBasedAuthenticationNotPermitted */
export async function bySignature(
  { storage, clock }: { readonly storage: Storage; readonly clock: () => number },
  { query, clientAddress }: Pick<BlobRequest, "query" | "clientAddress">,
  address: BlobAddress,
): Promise<Extract<BlobCaller, { kind: "delegate" | "sas" }>> {
  const { account, container, blob } = address;
  // A sign of base64 that was sent as it is has become a blank.
  const field = (name: string) => (name === "sig" ? query.get(name)?.replaceAll(" ", "+") : query.get(name));
  const kind = sasKindOf(field);
  if (kind !== "delegation") refuseKeyless(account);
  const problem = sasFormProblem(kind, field);
  if (problem !== undefined) throw blobFault("AuthenticationFailed", problem);
  const keys = kind === "delegation" ? [delegationKey(storage, account, field, clock())] : account.keys;
  if (!sasMatches(kind, { account: account.name, container, blob }, keys, field)) {
    throw blobFault("AuthenticationFailed", "Signature did not match.");
  }
  const identifier = field("si");
  const policy =
    identifier === undefined || container === undefined
      ? undefined
      : await storedPolicy(storage, account, container, identifier);
  if (identifier !== undefined && policy === undefined) {
    throw blobFault("AuthenticationFailed", "The container has no access policy of this identifier.");
  }
  const terms = sasTerms({ start: field("st"), expiry: field("se"), permissions: field("sp") }, policy);
  if (typeof terms === "string") throw blobFault("AuthenticationFailed", terms);
  const outOfTime = sasTimeProblem(terms.start, terms.expiry, clock());
  if (outOfTime !== undefined) throw blobFault("AuthenticationFailed", outOfTime);
  const range = field("sip");
  if (range !== undefined && !isInRange(clientAddress, range)) {
    throw blobFault("AuthorizationSourceIPMismatch", { SourceIP: clientAddress });
  }
  const grant = { kind, letters: terms.permissions ?? "", resourceTypes: field("srt") ?? "" };
  return kind === "delegation"
    ? { kind: "delegate", objectId: field("skoid") ?? "", grant }
    : { kind: "sas", grant };
}

export function refuseKeyless({ spec }: StorageAccount): void {
  if (!spec.allowSharedKeyAccess) throw blobFault("KeyBasedAuthenticationNotPermitted");
}

/** The key that was given out for these fields; the wrong fields make a key that signs nothing. */
function delegationKey(
  { delegationSecret }: Pick<Storage, "delegationSecret">,
  account: StorageAccount,
  field: (name: string) => string | undefined,
  now: number,
): Uint8Array {
  const signed = ["skoid", "sktid", "skt", "ske", "skv"].map((name) => field(name) ?? "");
  const [objectId = "", tenantId, start, expiry] = signed;
  if (!GUID.test(objectId) || tenantId !== account.tenantId) {
    throw blobFault("AuthenticationFailed", "The signing key is not of the account's tenant.");
  }
  const outOfTime = sasTimeProblem(start, expiry, now);
  if (outOfTime !== undefined) throw blobFault("AuthenticationFailed", outOfTime);
  return Buffer.from(delegationKeyValue(delegationSecret, signed), "base64");
}
