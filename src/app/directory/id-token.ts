/** Issues id tokens: who signed in, told to the client alone. They open nothing. */
import { createHash } from "node:crypto";
import { accessTokenIssuer, BACKDATED_SECONDS } from "./access-token.ts";
import { signJwt } from "./jwt-sign.ts";
import { pairwiseSubject } from "./pairwise-subject.ts";
import type { SigningKeys } from "./signing-keys.ts";
import type { User } from "./user.ts";

export interface IdTokenRequest {
  readonly appId: string;
  readonly user: User;
  /** Epoch milliseconds. */
  readonly authAt: number;
  readonly style: "v1" | "v2";
  /** v2's, as the discovery document of that endpoint says it. */
  readonly issuer: string;
  readonly nonce?: string | undefined;
  /** Issued beside it at the authorization endpoint. */
  readonly code?: string | undefined;
  readonly accessToken?: string | undefined;
}

/** "ID token claims reference": an hour, whatever access tokens live. */
const LIFETIME_SECONDS = 3600;

export type IdTokens = (request: IdTokenRequest) => Promise<string>;

export function idTokens(keys: SigningKeys, clock: () => number): IdTokens {
  return ({ appId, user, authAt, style, issuer, nonce, code, accessToken }) => {
    const now = Math.floor(clock() / 1000);
    return signJwt(keys, {
      aud: appId,
      iss: style === "v1" ? accessTokenIssuer(user.tenantId) : issuer,
      iat: now - BACKDATED_SECONDS,
      nbf: now - BACKDATED_SECONDS,
      exp: now + LIFETIME_SECONDS,
      auth_time: Math.floor(authAt / 1000),
      ...(accessToken !== undefined && { at_hash: halfHash(accessToken) }),
      ...(code !== undefined && { c_hash: halfHash(code) }),
      ...(user.profile.mail && { email: user.profile.mail }),
      name: user.displayName,
      ...(nonce !== undefined && { nonce }),
      oid: user.objectId,
      preferred_username: user.userPrincipalName,
      sub: pairwiseSubject(appId, user),
      tid: user.tenantId,
      ...(style === "v1" && { unique_name: user.userPrincipalName, upn: user.userPrincipalName }),
      ver: style === "v1" ? "1.0" : "2.0",
    });
  };
}

/** OpenID Connect Core section 3.3.2.11: the left half of the hash of RS256. */
function halfHash(text: string): string {
  return createHash("sha256").update(text).digest().subarray(0, 16).toString("base64url");
}
