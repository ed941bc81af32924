/**
 * The claims of an access token, in the version that its resource asks for. Pure: who may have one, and what it may be for, is decided before.
 * Sources: "Access token claims reference"; "Claims challenges, claims requests and client capabilities".
 */
import { FIRST_PARTY_APPLICATIONS } from "../../wire/entra/first-party.ts";
import type { OptionalClaim, Registration } from "../../wire/entra/registration.ts";
import type { MembershipClaims } from "./membership-claims.ts";
import { type OptionalClaimFacts, optionalClaims } from "./optional-claims.ts";

/** How the client proved itself: not at all, with a secret, with a certificate or another issuer's assertion. */
export type ClientProof = "0" | "1" | "2";

/** What a token is for. */
export interface TokenResource {
  readonly appId: string;
  readonly registration: Pick<Registration, "api" | "optionalClaims">;
}

/** What only the request tells, whoever is asking. */
export interface TokenRequest extends Pick<OptionalClaimFacts, "sessionId" | "canBeChallenged"> {
  /** Of version 2, as the metadata says it that led here. */
  readonly issuer: string;
  /** The request's own id, a GUID: the sign-in log has it. */
  readonly requestId: string;
  /** Where it came from. */
  readonly source: string;
  readonly memberships: MembershipClaims;
}

export interface AccessTokenFacts extends TokenRequest, Pick<OptionalClaimFacts, "user" | "authAt"> {
  readonly resource: TokenResource;
  /** As it was asked for, letter by letter. */
  readonly audience: string;
  readonly tenantId: string;
  readonly objectId: string;
  /** The user's name towards this resource, or the object id of an application. */
  readonly subject: string;
  readonly clientId: string;
  readonly proof: ClientProof;
  readonly roles: readonly string[];
  /** A user's delegated permissions. */
  readonly scopes?: readonly string[];
  /** Epoch seconds. */
  readonly beginsAt: number;
  readonly expiresAt: number;
  /** The token service's own memory, opaque to everyone else. */
  readonly aio: string;
}

/** The one form of issuer that tokens of version 1 carry, whatever host they were asked from. */
export const accessTokenIssuer = (tenantId: string): string => `https://sts.windows.net/${tenantId}/`;

/** Of version 2, by Azure's own name. */
export const accessTokenIssuer2 = (tenantId: string): string =>
  `https://login.microsoftonline.com/${tenantId}/v2.0`;

const FIRST_PARTY: ReadonlySet<string> = new Set(FIRST_PARTY_APPLICATIONS.map(({ appId }) => appId));

/** Azure's own APIs have version 1, and so has what was registered before this was asked for. */
export const accessTokenVersion = ({ registration }: TokenResource): 1 | 2 =>
  registration.api.requestedAccessTokenVersion === 2 ? 2 : 1;

export type AccessTokenClaims = Readonly<Record<string, unknown>> & { readonly aud: string };

export function accessTokenClaims(facts: AccessTokenFacts): AccessTokenClaims {
  const { resource, objectId, tenantId, subject, scopes, memberships, clientId } = facts;
  const roles = [...new Set([...facts.roles, ...memberships.roles])];
  const asked = resource.registration.optionalClaims?.accessToken ?? [];
  const isOurs = FIRST_PARTY.has(resource.appId);
  return {
    ...(accessTokenVersion(resource) === 2 ? version2(facts) : version1(facts, asked, isOurs)),
    iat: facts.beginsAt,
    nbf: facts.beginsAt,
    exp: facts.expiresAt,
    aio: facts.aio,
    oid: objectId,
    rh: rememberedHint(tenantId, resource.appId, clientId),
    ...(roles.length > 0 && { roles }),
    ...(scopes !== undefined && { scp: scopes.join(" ") }),
    sub: subject,
    tid: tenantId,
    uti: tokenId(facts.requestId),
    ...memberships.claims,
    // Azure's own resources ask for it, and for nothing else.
    ...(isOurs && facts.canBeChallenged && { xms_cc: ["CP1"] }),
    ...optionalClaims(asked, { ...facts, ipAddress: facts.source }),
  };
}

function version1(facts: AccessTokenFacts, asked: readonly OptionalClaim[], isOurs: boolean) {
  const { resource, audience, tenantId, clientId, proof, user, source } = facts;
  const iss = accessTokenIssuer(tenantId);
  const usesGuid = asked.some(
    ({ name, additionalProperties }) => name === "aud" && additionalProperties.includes("use_guid"),
  );
  return {
    aud: usesGuid ? resource.appId : audience,
    iss,
    ...(user && { acr: "1", amr: ["pwd"] }),
    appid: clientId,
    appidacr: proof,
    ...(user === undefined && { idp: iss }),
    ...(isOurs && { idtyp: user === undefined ? "app" : "user" }),
    ...(user && {
      ipaddr: source,
      name: user.displayName,
      unique_name: user.userPrincipalName,
      upn: user.userPrincipalName,
    }),
    ver: "1.0",
  };
}

function version2({ resource, issuer, clientId, proof, user }: AccessTokenFacts) {
  return {
    aud: resource.appId,
    iss: issuer,
    azp: clientId,
    azpacr: proof,
    ...(user && { name: user.displayName, preferred_username: user.userPrincipalName }),
    ver: "2.0",
  };
}

/** As the sign-in log's request id can be read out of it: a GUID's bytes, its first three fields the last byte first. */
export function tokenId(requestId: string): string {
  const bytes = Buffer.from(requestId.replaceAll("-", ""), "hex");
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes.toString("base64url");
}

/** Opaque: which directory, resource and client a token belongs to. */
function rememberedHint(tenantId: string, resourceAppId: string, clientId: string): string {
  const bytes = [tenantId, resourceAppId, clientId].map((id) => Buffer.from(id.replaceAll("-", ""), "hex"));
  return `1.A${Buffer.concat(bytes).toString("base64url")}.`;
}
