/**
 * Claims that are in a token only where the registration asks for them: a resource's for its access tokens, a client's for its id tokens. Pure.
 * Source: "Configure and customize access tokens: optional claims reference".
 */
import type { OptionalClaim } from "../../wire/entra/registration.ts";

/** Of a user, as tokens tell it. */
export interface TokenUser {
  readonly displayName: string;
  readonly userPrincipalName: string;
  readonly givenName: string | null;
  readonly surname: string | null;
  readonly mail: string | null;
  readonly preferredLanguage: string | null;
}

/** What an optional claim can be about. */
export interface OptionalClaimFacts {
  /** Undefined: an application acts as itself. */
  readonly user?: TokenUser | undefined;
  /** When the user signed in, in epoch milliseconds. */
  readonly authAt: number;
  /** Of the browser's session; undefined where no browser signed in. */
  readonly sessionId?: string | undefined;
  /** From where the token was asked for. */
  readonly ipAddress?: string | undefined;
  /** The client says that it understands claims challenges. */
  readonly canBeChallenged?: boolean | undefined;
}

type Value = string | number | readonly string[] | null | undefined;
type Claim = (facts: OptionalClaimFacts, properties: readonly string[]) => Value;

const ofUser =
  (value: (user: TokenUser, facts: OptionalClaimFacts) => Value): Claim =>
  (facts) =>
    facts.user && value(facts.user, facts);

const CLAIMS: ReadonlyMap<string, Claim> = new Map<string, Claim>([
  // Everybody is a member of the directory here: there are no guests.
  ["acct", ofUser(() => 0)],
  ["auth_time", ofUser((_, { authAt }) => Math.floor(authAt / 1000))],
  ["email", ofUser(({ mail }) => mail)],
  ["family_name", ofUser(({ surname }) => surname)],
  ["given_name", ofUser(({ givenName }) => givenName)],
  ["idtyp", ({ user }, properties) => idtyp(user, properties)],
  ["ipaddr", ofUser((_, { ipAddress }) => ipAddress)],
  // What the authorization endpoint takes for one.
  ["login_hint", ofUser(({ userPrincipalName }) => userPrincipalName)],
  ["preferred_username", ofUser(({ userPrincipalName }) => userPrincipalName)],
  ["sid", ({ sessionId }) => sessionId],
  ["tenant_region_scope", () => "WW"],
  ["upn", ofUser(({ userPrincipalName }) => userPrincipalName)],
  ["xms_cc", ({ canBeChallenged }) => (canBeChallenged ? ["CP1"] : undefined)],
  ["xms_pl", ofUser(({ preferredLanguage }) => preferredLanguage)],
]);

/** Told by other means: the groups by `membership-claims`, the audience by `access-token-claims`. */
const ELSEWHERE: ReadonlySet<string> = new Set(["groups", "aud"]);

/** Documented, and without a value for anybody here, as they are in Azure for whom they do not concern. */
const WITHOUT_VALUE: ReadonlySet<string> = new Set(
  (
    "acrs ctry fwd in_corp onprem_sid pwd_exp pwd_url tenant_ctry verified_primary_email verified_secondary_email vnet " +
    "xms_edov xms_pdl xms_tpl ztdid nickname controls enfpolids signin_state is_device_managed"
  ).split(" "),
);

export const isOptionalClaim = (name: string): boolean =>
  CLAIMS.has(name) || ELSEWHERE.has(name) || WITHOUT_VALUE.has(name);

/** @returns the claims that have a value */
export function optionalClaims(
  asked: readonly OptionalClaim[],
  facts: OptionalClaimFacts,
): Readonly<Record<string, Value>> {
  const claims: Record<string, Value> = {};
  for (const { name, additionalProperties } of asked) {
    const value = CLAIMS.get(name)?.(facts, additionalProperties) ?? undefined;
    if (value !== undefined) claims[name] = value;
  }
  return claims;
}

/** A user's tokens say what they are only where that is asked for as well. */
function idtyp(user: TokenUser | undefined, properties: readonly string[]): Value {
  if (user === undefined) return "app";
  return properties.includes("include_user_token") ? "user" : undefined;
}
