/**
 * Issues access tokens: which claims, for how long, and the signature. Who may have one is decided before.
 */
import { sign } from "node:crypto";
import type { Client } from "./directory.ts";
import type { SigningKeys } from "./signing-keys.ts";

/** The claims of a token for an application acting as itself. Source: "Access tokens in the Microsoft identity platform". */
export interface ApplicationTokenClaims {
  readonly aud: string;
  readonly iss: string;
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
  readonly appid: string;
  /** How the client proved itself: `1` with a secret, `2` with a certificate. */
  readonly appidacr: "1" | "2";
  readonly idp: string;
  readonly idtyp: "app";
  readonly oid: string;
  readonly sub: string;
  readonly tid: string;
  readonly ver: "1.0";
}

export interface IssuedToken {
  readonly token: string;
  /** Seconds since the epoch. */
  readonly notBefore: number;
  readonly expiresAt: number;
}

export interface AccessTokens {
  /** @param audience goes into the token letter by letter */
  issueToApplication(client: Client, audience: string, appidacr: "1" | "2"): Promise<IssuedToken>;
}

const DEFAULT_LIFETIME_SECONDS = 3600;

/** The one form of issuer that access tokens carry, whatever host they were asked from. */
export const accessTokenIssuer = (tenantId: string): string => `https://sts.windows.net/${tenantId}/`;

export function accessTokens(
  keys: SigningKeys,
  clock: () => number,
  lifetimeSeconds: number = DEFAULT_LIFETIME_SECONDS,
): AccessTokens {
  const signed = signedOnce(keys);
  return {
    async issueToApplication(client, audience, appidacr) {
      const now = Math.floor(clock() / 1000);
      const issuer = accessTokenIssuer(client.tenantId);
      const claims: ApplicationTokenClaims = {
        aud: audience,
        iss: issuer,
        iat: now,
        nbf: now,
        exp: now + lifetimeSeconds,
        appid: client.appId,
        appidacr,
        idp: issuer,
        idtyp: "app",
        oid: client.objectId,
        sub: client.objectId,
        tid: client.tenantId,
        ver: "1.0",
      };
      return { token: await signed(JSON.stringify(claims), now), notBefore: now, expiresAt: claims.exp };
    },
  };
}

/**
 * Signs in libuv's threads, so that the requests behind this one need not wait for the quarter of a millisecond. RS256 gives
 * the same signature for the same claims, and claims count whole seconds: within one, the same claims are signed once.
 */
function signedOnce(keys: SigningKeys): (claims: string, second: number) => Promise<string> {
  let tokens = new Map<string, Promise<string>>();
  let tokensOfSecond = 0;
  return (claims, second) => {
    if (second !== tokensOfSecond) {
      tokens = new Map();
      tokensOfSecond = second;
    }
    let token = tokens.get(claims);
    if (token === undefined) {
      token = signJwt(keys, claims);
      tokens.set(claims, token);
    }
    return token;
  };
}

function signJwt({ active }: SigningKeys, claims: string): Promise<string> {
  const signed = `${active.header}.${Buffer.from(claims).toString("base64url")}`;
  return new Promise((resolve, reject) => {
    sign("sha256", Buffer.from(signed), active.privateKey, (error, signature) =>
      error ? reject(error) : resolve(`${signed}.${signature.toString("base64url")}`),
    );
  });
}
