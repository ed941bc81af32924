/** Issues id tokens: who signed in, told to the client alone. They open nothing. */
import { createHash } from "node:crypto";
import { accessTokenIssuer, type TokenRequest, tokenId } from "../../core/token/access-token-claims.ts";
import { optionalClaims } from "../../core/token/optional-claims.ts";
import { BACKDATED_SECONDS } from "./access-token.ts";
import type { Client } from "./directory.ts";
import { signJwt } from "./jwt-sign.ts";
import { pairwiseSubject } from "./pairwise-subject.ts";
import type { SigningKeys } from "./signing-keys.ts";
import { tokenUser, type User } from "./user.ts";

export interface IdTokenAsked {
  readonly client: Client;
  readonly user: User;
  /** Epoch milliseconds. */
  readonly authAt: number;
  readonly style: "v1" | "v2";
  /** `openid` and its like, as they were asked for. */
  readonly openId: readonly string[];
  /** Its issuer is that of version 2, as the discovery document of that endpoint says it. */
  readonly request: TokenRequest;
  readonly nonce?: string | undefined;
  /** Issued beside it at the authorization endpoint. */
  readonly code?: string | undefined;
  readonly accessToken?: string | undefined;
}

/** "ID token claims reference": an hour, whatever access tokens live. */
const LIFETIME_SECONDS = 3600;

export type IdTokens = (asked: IdTokenAsked) => Promise<string>;

export function idTokens(keys: SigningKeys, clock: () => number): IdTokens {
  return (asked) => {
    const { client, user, style, openId, request, nonce, code, accessToken } = asked;
    const { memberships, requestId, source } = request;
    const now = Math.floor(clock() / 1000);
    const version = style === "v1" ? 1 : 2;
    const claims = {
      aud: client.appId,
      iss: version === 1 ? accessTokenIssuer(user.tenantId) : request.issuer,
      iat: now - BACKDATED_SECONDS,
      nbf: now - BACKDATED_SECONDS,
      exp: now + LIFETIME_SECONDS,
      ...(accessToken !== undefined && { at_hash: halfHash(accessToken) }),
      ...(code !== undefined && { c_hash: halfHash(code) }),
      ...(user.profile.mail && openId.includes("email") && { email: user.profile.mail }),
      name: user.displayName,
      ...(nonce !== undefined && { nonce }),
      oid: user.objectId,
      preferred_username: user.userPrincipalName,
      ...(memberships.roles.length > 0 && { roles: memberships.roles }),
      sub: pairwiseSubject(client.appId, user),
      tid: user.tenantId,
      ...(version === 1 && { unique_name: user.userPrincipalName, upn: user.userPrincipalName }),
      uti: tokenId(requestId),
      ver: version === 1 ? "1.0" : "2.0",
      ...memberships.claims,
      ...optionalClaims(client.registration.optionalClaims?.idToken ?? [], {
        ...request,
        user: tokenUser(user),
        authAt: asked.authAt,
        ipAddress: source,
      }),
    };
    return signJwt(keys, claims, version);
  };
}

/** OpenID Connect Core section 3.3.2.11: the left half of the hash of RS256. */
function halfHash(text: string): string {
  return createHash("sha256").update(text).digest().subarray(0, 16).toString("base64url");
}
