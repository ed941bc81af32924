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
  const oncePerSecond = rememberedWithinSecond();
  return {
    issueToApplication(client, audience, appidacr) {
      const now = Math.floor(clock() / 1000);
      return oncePerSecond(`${appidacr} ${client.objectId} ${audience}`, now, async () => {
        const claims = applicationClaims(client, audience, appidacr, now, now + lifetimeSeconds);
        return { token: await signJwt(keys, claims), notBefore: claims.nbf, expiresAt: claims.exp };
      });
    },
  };
}

function applicationClaims(
  { appId, objectId, tenantId }: Client,
  audience: string,
  appidacr: "1" | "2",
  now: number,
  expiresAt: number,
): ApplicationTokenClaims {
  const issuer = accessTokenIssuer(tenantId);
  return {
    aud: audience,
    iss: issuer,
    iat: now,
    nbf: now,
    exp: expiresAt,
    appid: appId,
    appidacr,
    idp: issuer,
    idtyp: "app",
    oid: objectId,
    sub: objectId,
    tid: tenantId,
    ver: "1.0",
  };
}

/**
 * RS256 gives the same signature for the same claims, and claims count whole seconds: a crowd of clients that sign in as one
 * application within a second gets one token, and one signature is made.
 */
function rememberedWithinSecond() {
  let second = 0;
  let issued = new Map<string, Promise<IssuedToken>>();
  return (key: string, now: number, issue: () => Promise<IssuedToken>): Promise<IssuedToken> => {
    if (now !== second) {
      second = now;
      issued = new Map();
    }
    let token = issued.get(key);
    if (token === undefined) {
      token = issue();
      issued.set(key, token);
    }
    return token;
  };
}

/** In libuv's threads: the requests behind this one need not wait for a quarter of a millisecond of arithmetic. */
function signJwt({ active }: SigningKeys, claims: ApplicationTokenClaims): Promise<string> {
  const signed = `${active.header}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
  return new Promise((resolve, reject) => {
    sign("sha256", Buffer.from(signed), active.privateKey, (error, signature) =>
      error ? reject(error) : resolve(`${signed}.${signature.toString("base64url")}`),
    );
  });
}
