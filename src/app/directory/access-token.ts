/**
 * Issues access tokens: for how long, and the signature. Who may have one is decided before; which claims, in `core/token`.
 */
import {
  type AccessTokenFacts,
  accessTokenClaims,
  accessTokenIssuer2,
  accessTokenVersion,
  type ClientProof,
  type TokenRequest,
} from "../../core/token/access-token-claims.ts";
import { TOKEN_EXCHANGE_NAMES } from "../../wire/entra/resources.ts";
import type { Client } from "./directory.ts";
import { signJwt } from "./jwt-sign.ts";
import { pairwiseSubject } from "./pairwise-subject.ts";
import { signInInstantClaim } from "./sign-in-instant.ts";
import type { SigningKeys } from "./signing-keys.ts";
import { tokenUser, type User } from "./user.ts";

/** A managed identity, as its tokens tell it. */
export interface IdentityPrincipal {
  readonly clientId: string;
  readonly principalId: string;
  readonly tenantId: string;
  readonly resourceId: string;
}

export interface IssuedToken {
  readonly token: string;
  /** As it stands in the token: what was asked for, or the resource's id where that asks for it. */
  readonly audience: string;
  /** Seconds since the epoch. */
  readonly notBefore: number;
  readonly expiresAt: number;
}

interface TokenAsked {
  readonly resource: Client;
  /** The resource as it was asked for; letter by letter the audience of version 1. */
  readonly audience: string;
  /** Values of the resource's app roles. */
  readonly roles: readonly string[];
  readonly request: TokenRequest;
}

export interface ApplicationTokenAsked extends TokenAsked {
  readonly client: Client;
  readonly proof: ClientProof;
}

export interface UserTokenAsked extends ApplicationTokenAsked {
  readonly user: User;
  /** When it signed in, in epoch milliseconds. */
  readonly authAt: number;
  /** Delegated permissions of the resource. */
  readonly scopes: readonly string[];
}

export interface IdentityTokenAsked extends TokenAsked {
  readonly identity: IdentityPrincipal;
}

export interface AccessTokens {
  issueToApplication(asked: ApplicationTokenAsked): Promise<IssuedToken>;
  issueToUser(asked: UserTokenAsked): Promise<IssuedToken>;
  /** Lives as long as Azure's do, whatever lifetime other tokens have. */
  issueToIdentity(asked: IdentityTokenAsked): Promise<IssuedToken>;
}

/** "Managed identities for Azure resources": their tokens live a day. */
export const IDENTITY_LIFETIME_SECONDS = 86_400;

export const DEFAULT_LIFETIME_SECONDS = 3600;

/** Tokens begin in the past, as the real ones do: clients and servers whose clocks lag live by it. */
export const BACKDATED_SECONDS = 300;

/** @param lifetimeSeconds of tokens to applications that have no policy of their own */
export function accessTokens(
  keys: SigningKeys,
  clock: () => number,
  lifetimeSeconds: number = DEFAULT_LIFETIME_SECONDS,
): AccessTokens {
  const oncePerSecond = rememberedWithinSecond();
  const readingOf = readings();
  const endOf = (client: Client, now: number) =>
    now + (client.registration.accessTokenLifetimeSeconds ?? lifetimeSeconds);
  const issue = async (facts: AccessTokenFacts, more: object = {}): Promise<IssuedToken> => {
    const claims = accessTokenClaims(facts);
    return {
      token: await signAccessToken(keys, facts, { ...claims, ...more }),
      audience: claims.aud,
      notBefore: facts.beginsAt,
      expiresAt: facts.expiresAt,
    };
  };
  return {
    issueToApplication(asked) {
      const { client, resource, proof, audience, roles, request } = asked;
      const now = Math.floor(clock() / 1000);
      const expiresAt = endOf(client, now);
      const key = `${proof} ${client.objectId} ${expiresAt} ${roles.join(" ")} ${audience} ${readingOf(resource)} ${sharedPart(request)}`;
      return oncePerSecond(key, now, () => issue(ofApplication(asked, client, now, expiresAt)));
    },
    issueToUser({ user, authAt, scopes, ...asked }) {
      const now = Math.floor(clock() / 1000);
      return issue({
        ...ofApplication(asked, asked.client, now, endOf(asked.client, now)),
        user: tokenUser(user),
        authAt,
        aio: signInInstantClaim(authAt),
        tenantId: user.tenantId,
        objectId: user.objectId,
        subject: pairwiseSubject(asked.resource.appId, user),
        scopes,
      });
    },
    async issueToIdentity({ identity, ...asked }) {
      const now = Math.floor(clock() / 1000);
      const { clientId: appId, principalId: objectId, tenantId, resourceId } = identity;
      const client = { appId, objectId, tenantId };
      const expiresAt = now + IDENTITY_LIFETIME_SECONDS;
      return issue(ofApplication({ ...asked, proof: "2" }, client, now, expiresAt), {
        xms_mirid: resourceId,
      });
    },
  };
}

function ofApplication(
  { resource, audience, roles, request, proof }: TokenAsked & { readonly proof: ClientProof },
  { appId, objectId, tenantId }: Pick<Client, "appId" | "objectId" | "tenantId">,
  now: number,
  expiresAt: number,
): AccessTokenFacts {
  return {
    ...request,
    resource,
    audience,
    roles,
    proof,
    tenantId,
    objectId,
    subject: objectId,
    clientId: appId,
    authAt: now * 1000,
    aio: signInInstantClaim(now * 1000),
    beginsAt: now - BACKDATED_SECONDS,
    expiresAt,
  };
}

/** What of the request is in an application's token, but for the id of whoever asked first. */
function sharedPart({ issuer, canBeChallenged, memberships }: TokenRequest): string {
  const { claims, roles } = memberships;
  const told = roles.length > 0 || Object.keys(claims).length > 0 ? JSON.stringify(memberships) : "";
  return `${issuer} ${canBeChallenged ?? false} ${told}`;
}

function signAccessToken(keys: SigningKeys, facts: AccessTokenFacts, claims: object): Promise<string> {
  if (TOKEN_EXCHANGE_NAMES.includes(facts.audience)) return signJwt(keys, ofExchange(facts, claims), 2);
  return signJwt(keys, claims, accessTokenVersion(facts.resource));
}

/**
 * A token that is to be another application's credential is one of version 2, by issuer and form, and opens nothing itself: it has no `appid`.
 * Source: "Configure an application to trust a managed identity".
 */
function ofExchange({ tenantId, clientId, proof }: AccessTokenFacts, claims: object): object {
  const { appid: _, appidacr: __, idtyp: ___, ...rest } = claims as Record<string, unknown>;
  const iss = accessTokenIssuer2(tenantId);
  return { ...rest, iss, idp: iss, azp: clientId, azpacr: proof, ver: "2.0" };
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

/** Numbers what was read of the directory: after a change the same application is another reading of it. */
function readings(): (client: Client) => number {
  const numbers = new WeakMap<Client, number>();
  let last = 0;
  return (client) => {
    const known = numbers.get(client) ?? ++last;
    numbers.set(client, known);
    return known;
  };
}
