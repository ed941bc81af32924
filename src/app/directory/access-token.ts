/**
 * Issues access tokens: which claims, for how long, and the signature. Who may have one is decided before.
 */
import { TOKEN_EXCHANGE_NAMES } from "../../wire/entra/resources.ts";
import type { Client } from "./directory.ts";
import { signJwt } from "./jwt-sign.ts";
import { pairwiseSubject } from "./pairwise-subject.ts";
import { signInInstantClaim } from "./sign-in-instant.ts";
import type { SigningKeys } from "./signing-keys.ts";
import type { User } from "./user.ts";

/** How the client proved itself: not at all, with a secret, with a certificate or another issuer's assertion. */
export type ClientProof = "0" | "1" | "2";

/** The claims of a token for an application acting as itself. Source: "Access tokens in the Microsoft identity platform". */
export interface ApplicationTokenClaims {
  readonly aud: string;
  readonly iss: string;
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
  readonly appid: string;
  readonly appidacr: ClientProof;
  readonly idp: string;
  readonly idtyp: "app";
  readonly oid: string;
  /** The values of the resource's app roles that it holds. */
  readonly roles?: readonly string[];
  readonly sub: string;
  readonly tid: string;
  readonly ver: "1.0";
  /** Resource id of the managed identity, where it is one. */
  readonly xms_mirid?: string;
}

/** A managed identity, as its tokens tell it. */
export interface IdentityPrincipal {
  readonly clientId: string;
  readonly principalId: string;
  readonly tenantId: string;
  readonly resourceId: string;
}

export interface IssuedToken {
  readonly token: string;
  /** Seconds since the epoch. */
  readonly notBefore: number;
  readonly expiresAt: number;
}

export interface UserTokenRequest {
  readonly client: Client;
  readonly resource: Client;
  /** Goes into the token letter by letter. */
  readonly audience: string;
  readonly user: User;
  /** When it signed in, in epoch milliseconds. */
  readonly authAt: number;
  /** Delegated permissions of the resource. */
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  readonly proof: ClientProof;
}

export interface AccessTokens {
  /** @param audience goes into the token letter by letter */
  issueToApplication(
    client: Client,
    audience: string,
    proof: ClientProof,
    roles?: readonly string[],
  ): Promise<IssuedToken>;
  issueToUser(request: UserTokenRequest): Promise<IssuedToken>;
  /** Lives as long as Azure's do, whatever lifetime other tokens have. */
  issueToIdentity(
    identity: IdentityPrincipal,
    audience: string,
    roles: readonly string[],
  ): Promise<IssuedToken>;
}

/** "Managed identities for Azure resources": their tokens live a day. */
export const IDENTITY_LIFETIME_SECONDS = 86_400;

export const DEFAULT_LIFETIME_SECONDS = 3600;

/** Tokens begin in the past, as the real ones do: clients and servers whose clocks lag live by it. */
export const BACKDATED_SECONDS = 300;

/** The one form of issuer that access tokens carry, whatever host they were asked from. */
export const accessTokenIssuer = (tenantId: string): string => `https://sts.windows.net/${tenantId}/`;

/** @param lifetimeSeconds of tokens to applications that have no policy of their own */
export function accessTokens(
  keys: SigningKeys,
  clock: () => number,
  lifetimeSeconds: number = DEFAULT_LIFETIME_SECONDS,
): AccessTokens {
  const oncePerSecond = rememberedWithinSecond();
  const endOf = (client: Client, now: number) =>
    now + (client.registration.accessTokenLifetimeSeconds ?? lifetimeSeconds);
  return {
    issueToApplication(client, audience, proof, roles = []) {
      const now = Math.floor(clock() / 1000);
      const expiresAt = endOf(client, now);
      const key = `${proof} ${client.objectId} ${expiresAt} ${roles.join(" ")} ${audience}`;
      return oncePerSecond(key, now, async () => {
        const claims = applicationClaims(client, audience, proof, roles, now, expiresAt);
        return { token: await signApplicationToken(keys, claims), notBefore: claims.nbf, expiresAt };
      });
    },
    async issueToUser(request) {
      const now = Math.floor(clock() / 1000);
      const expiresAt = endOf(request.client, now);
      const claims = userClaims(request, now, expiresAt);
      return { token: await signJwt(keys, claims), notBefore: claims.nbf, expiresAt };
    },
    async issueToIdentity({ clientId, principalId, tenantId, resourceId }, audience, roles) {
      const now = Math.floor(clock() / 1000);
      const expiresAt = now + IDENTITY_LIFETIME_SECONDS;
      const principal = { appId: clientId, objectId: principalId, tenantId };
      const claims = applicationClaims(principal, audience, "2", roles, now, expiresAt);
      const token = await signApplicationToken(keys, { ...claims, xms_mirid: resourceId });
      return { token, notBefore: claims.nbf, expiresAt };
    },
  };
}

/**
 * A token that is to be another application's credential is one of version 2, by issuer and form, and opens nothing itself: it has no `appid`.
 * Source: "Configure an application to trust a managed identity".
 */
function ofExchange(claims: ApplicationTokenClaims): object {
  const { appid, appidacr, tid, ...rest } = claims;
  const iss = `https://login.microsoftonline.com/${tid}/v2.0`;
  return { ...rest, iss, idp: iss, tid, azp: appid, azpacr: appidacr, ver: "2.0" };
}

function signApplicationToken(keys: SigningKeys, claims: ApplicationTokenClaims): Promise<string> {
  return signJwt(keys, TOKEN_EXCHANGE_NAMES.includes(claims.aud) ? ofExchange(claims) : claims);
}

function applicationClaims(
  { appId, objectId, tenantId }: Pick<Client, "appId" | "objectId" | "tenantId">,
  audience: string,
  proof: ClientProof,
  roles: readonly string[],
  now: number,
  expiresAt: number,
): ApplicationTokenClaims {
  const issuer = accessTokenIssuer(tenantId);
  return {
    aud: audience,
    iss: issuer,
    ...beginning(now),
    exp: expiresAt,
    appid: appId,
    appidacr: proof,
    idp: issuer,
    idtyp: "app",
    oid: objectId,
    ...(roles.length > 0 && { roles }),
    sub: objectId,
    tid: tenantId,
    ver: "1.0",
  };
}

function userClaims(request: UserTokenRequest, now: number, expiresAt: number) {
  const { client, resource, audience, user, authAt, scopes, roles, proof } = request;
  return {
    aud: audience,
    iss: accessTokenIssuer(user.tenantId),
    ...beginning(now),
    exp: expiresAt,
    acr: "1",
    aio: signInInstantClaim(authAt),
    amr: ["pwd"],
    appid: client.appId,
    appidacr: proof,
    idtyp: "user",
    name: user.displayName,
    oid: user.objectId,
    ...(roles.length > 0 && { roles }),
    scp: scopes.join(" "),
    sub: pairwiseSubject(resource.appId, user),
    tid: user.tenantId,
    unique_name: user.userPrincipalName,
    upn: user.userPrincipalName,
    ver: "1.0",
  };
}

const beginning = (now: number) => ({ iat: now - BACKDATED_SECONDS, nbf: now - BACKDATED_SECONDS });

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
