/** Who sends a request to the Blob service: by token, by the account's key, by a signature. All of it is judged here; the program behind is asked nothing. */
import type { Access } from "../../app/access/access.ts";
import type {
  AccessTokenVerifier,
  TokenPrincipal,
  TokenRefusal,
} from "../../app/directory/access-token-verify.ts";
import type { Storage } from "../../app/storage/storage.ts";
import type { StorageAccount } from "../../app/storage/storage-account.ts";
import {
  type SharedKeyScheme,
  STORAGE_CLOCK_SKEW_MS,
  sharedKeyMatches,
} from "../../core/storage/shared-key.ts";
import { BLOB_SUFFIX } from "../../wire/storage/blob-names.ts";
import type { BlobAddress } from "./address.ts";
import { blobFault } from "./blob-fault.ts";
import { type BlobRequest, headerOf } from "./blob-request.ts";
import type { BlobCaller } from "./caller.ts";
import { bySignature, refuseKeyless } from "./signature.ts";

export interface BlobAuthentication {
  readonly access: Access;
  readonly storage: Storage;
  readonly tokens: AccessTokenVerifier;
  readonly clock: () => number;
}

/** @throws Fault NoAuthenticationInformation, InvalidAuthenticationInfo, AuthenticationFailed, KeyBasedAuthenticationNotPermitted, … */
export async function authenticate(
  plane: BlobAuthentication,
  request: BlobRequest,
  address: BlobAddress,
): Promise<BlobCaller> {
  const authorization = headerOf(request, "authorization");
  const signature = request.query.get("sig");
  if (authorization !== undefined && signature !== undefined) {
    throw blobFault(
      "AuthenticationFailed",
      "A request brings an Authorization header or a signature, not both.",
    );
  }
  if (authorization !== undefined) return byHeader(plane, authorization, request, address);
  if (signature === undefined) throw blobFault("NoAuthenticationInformation");
  return bySignature(plane, request, address);
}

async function byHeader(
  { tokens, access, clock }: BlobAuthentication,
  header: string,
  request: BlobRequest,
  { account }: BlobAddress,
): Promise<BlobCaller> {
  const blank = header.indexOf(" ");
  const scheme = header.slice(0, Math.max(0, blank)).toLowerCase();
  const value = header.slice(blank + 1).trim();
  switch (scheme) {
    case "bearer":
      return { kind: "principal", principal: await bearerPrincipal({ tokens, access }, value, account) };
    case "sharedkey":
    case "sharedkeylite":
      refuseKeyless(account);
      checkSharedKey(scheme, value, request, account, clock());
      return { kind: "sharedKey" };
    default:
      throw blobFault(
        "InvalidAuthenticationInfo",
        "The Authorization header is neither Bearer nor SharedKey nor SharedKeyLite.",
      );
  }
}

/** @throws Fault InvalidAuthenticationInfo */
export async function bearerPrincipal(
  { tokens, access }: Pick<BlobAuthentication, "tokens" | "access">,
  token: string,
  account: StorageAccount,
): Promise<TokenPrincipal> {
  const endpoint = `https://${account.name}${BLOB_SUFFIX}`;
  const audiences = ["https://storage.azure.com", endpoint].flatMap((name) => [name, `${name}/`]);
  const verdict = tokens.verify(token, { audiences, tenantId: account.tenantId });
  if (!verdict.ok) throw blobFault("InvalidAuthenticationInfo", tokenDetail(verdict, audiences));
  if ((await access.stateOf(verdict.principal)) !== "active") {
    throw blobFault(
      "InvalidAuthenticationInfo",
      "The access token's user or application is disabled, or no longer in the directory.",
    );
  }
  return verdict.principal;
}

function checkSharedKey(
  scheme: SharedKeyScheme,
  value: string,
  { method, headers, rawPath, rawQuery }: BlobRequest,
  { name, keys }: StorageAccount,
  now: number,
): void {
  const colon = value.indexOf(":");
  if (value.slice(0, Math.max(0, colon)) !== name) {
    throw blobFault("AuthenticationFailed", `The signature is not of the account '${name}'.`);
  }
  const own = Object.entries(headers).map(([header, text]) => [
    header,
    Array.isArray(text) ? text.join(",") : (text ?? ""),
  ]);
  const signed = { method, headers: Object.fromEntries(own), path: rawPath, query: rawQuery };
  if (!sharedKeyMatches(scheme, name, keys, value.slice(colon + 1), signed)) {
    throw blobFault(
      "AuthenticationFailed",
      "The MAC signature found in the HTTP request is not the same as any computed signature.",
    );
  }
  const date = Date.parse(String(headers["x-ms-date"] ?? headers.date ?? ""));
  if (Number.isNaN(date)) throw blobFault("AuthenticationFailed", "x-ms-date or Date is mandatory.");
  if (Math.abs(now - date) > STORAGE_CLOCK_SKEW_MS) {
    throw blobFault(
      "AuthenticationFailed",
      `Request date header too old: '${new Date(date).toUTCString()}'.`,
    );
  }
}

function tokenDetail(refusal: TokenRefusal, audiences: readonly string[]): string {
  switch (refusal.reason) {
    case "malformed":
      return "The access token is not a JSON Web Token of this service.";
    case "badSignature":
      return "Signature validation failed.";
    case "expired":
      return `Lifetime validation failed. The token expired at ${new Date(refusal.at * 1000).toISOString()}.`;
    case "notYetValid":
      return `Lifetime validation failed. The token is not valid before ${new Date(refusal.at * 1000).toISOString()}.`;
    case "wrongAudience":
      return `Audience validation failed. '${refusal.audience}' is none of ${audiences.map((name) => `'${name}'`).join(", ")}.`;
    case "foreignTenant":
      return "Issuer validation failed. The token is of another tenant than the storage account.";
  }
}
