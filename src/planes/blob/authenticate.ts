/**
 * Who sends a request to the Blob service. Tokens are judged here. Signatures by an account's key are judged by the program behind, which
 * has the same keys; what a user delegation key signed, by both: it the signature, the front the roles of who got the key.
 */
import type { Access } from "../../app/access/access.ts";
import type {
  AccessTokenVerifier,
  TokenPrincipal,
  TokenRefusal,
} from "../../app/directory/access-token-verify.ts";
import type { StorageAccount } from "../../app/storage/storage-account.ts";
import type { Exchange } from "../../http/exchange.ts";
import { BLOB_SUFFIX } from "../../wire/storage/blob-names.ts";
import { blobFault } from "./blob-fault.ts";

export type BlobCaller =
  | { readonly kind: "principal"; readonly principal: TokenPrincipal }
  /** Holds a SAS that this principal signed, if the signature is right. */
  | { readonly kind: "delegate"; readonly objectId: string }
  | { readonly kind: "sharedKey" }
  | { readonly kind: "sas" };

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface BlobCredentials {
  readonly tokens: AccessTokenVerifier;
  readonly access: Access;
}

/** @throws Fault NoAuthenticationInformation, InvalidAuthenticationInfo, AuthenticationFailed, KeyBasedAuthenticationNotPermitted */
export async function authenticate(
  credentials: BlobCredentials,
  { headers, query }: Exchange,
  account: StorageAccount,
): Promise<BlobCaller> {
  const { authorization } = headers;
  const signature = query.get("sig");
  if (authorization !== undefined && signature !== undefined) {
    throw blobFault(
      "AuthenticationFailed",
      "A request brings an Authorization header or a signature, not both.",
    );
  }
  if (authorization !== undefined) return byHeader(credentials, authorization, account);
  if (signature === undefined) throw blobFault("NoAuthenticationInformation");
  const objectId = query.get("skoid");
  if (objectId === undefined) {
    refuseKeyless(account);
    return { kind: "sas" };
  }
  if (query.duplicated() !== undefined || !GUID.test(objectId) || query.get("sktid") !== account.tenantId) {
    throw blobFault("AuthorizationFailure");
  }
  return { kind: "delegate", objectId };
}

async function byHeader(
  { tokens, access }: BlobCredentials,
  header: string,
  account: StorageAccount,
): Promise<BlobCaller> {
  const [, scheme = "", value = ""] = /^(\S+) +(\S.*?) *$/.exec(header) ?? [];
  switch (scheme.toLowerCase()) {
    case "bearer": {
      const endpoint = `https://${account.name}${BLOB_SUFFIX}`;
      const audiences = ["https://storage.azure.com", endpoint].flatMap((name) => [name, `${name}/`]);
      const verdict = tokens.verify(value, { audiences, tenantId: account.tenantId });
      if (!verdict.ok) throw blobFault("InvalidAuthenticationInfo", tokenDetail(verdict, audiences));
      if ((await access.stateOf(verdict.principal)) !== "active")
        throw blobFault(
          "InvalidAuthenticationInfo",
          "The access token's user or application is disabled, or no longer in the directory.",
        );
      return { kind: "principal", principal: verdict.principal };
    }
    case "sharedkey":
      refuseKeyless(account);
      return { kind: "sharedKey" };
    default:
      throw blobFault(
        "InvalidAuthenticationInfo",
        "The Authorization header is neither Bearer nor SharedKey.",
      );
  }
}

function refuseKeyless({ spec }: StorageAccount): void {
  if (!spec.allowSharedKeyAccess) throw blobFault("KeyBasedAuthenticationNotPermitted");
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
