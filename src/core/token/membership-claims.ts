/**
 * What a token tells of groups and directory roles, where the registration asks for it (`groupMembershipClaims`). Pure. Whoever is in more groups
 * than a token may name is told where to ask instead. Source: "Configure group claims for applications", "Access token claims reference".
 */
import type { OptionalClaim, Registration } from "../../wire/entra/registration.ts";

/** Of a principal, however deep. */
export interface Memberships {
  readonly groups: readonly { readonly id: string; readonly displayName: string }[];
  /** Ids of those groups that the application was assigned to. */
  readonly assigned: ReadonlySet<string>;
  /** Template ids of directory roles. */
  readonly directoryRoles: readonly string[];
}

export interface MembershipClaims {
  readonly claims: Readonly<Record<string, unknown>>;
  /** To be told among the resource's own. */
  readonly roles: readonly string[];
}

/** Whose token it is, and how it gets to its client. */
export interface MembershipToken {
  readonly tenantId: string;
  readonly objectId: string;
  readonly kind: "users" | "servicePrincipals";
  /** In the fragment of an address, which must not become long. */
  readonly isInFragment: boolean;
}

export const NO_MEMBERSHIPS: MembershipClaims = { claims: {}, roles: [] };

/** The claims reference: of a token that a client fetches, and of one in an address. */
export const GROUPS_MAX = 200;
export const GROUPS_IN_FRAGMENT_MAX = 5;

type Asked = Pick<Registration, "groupMembershipClaims">;

/** The words of the property; empty where nothing is asked for. */
export function askedMemberships({ groupMembershipClaims }: Asked): ReadonlySet<string> {
  const words = (groupMembershipClaims ?? "").split(",").map((word) => word.trim());
  return new Set(words.filter((word) => word !== "" && word !== "None"));
}

/** @param claim the optional claim `groups` of this kind of token */
export function membershipClaims(
  registration: Asked,
  claim: OptionalClaim | undefined,
  { groups, assigned, directoryRoles }: Memberships,
  token: MembershipToken,
): MembershipClaims {
  const asked = askedMemberships(registration);
  const tellsAll = asked.has("All") || asked.has("SecurityGroup");
  const told = groups.filter(({ id }) => tellsAll || (asked.has("ApplicationGroup") && assigned.has(id)));
  const tellsRoles = asked.has("All") || asked.has("DirectoryRole");
  const wids = tellsRoles && directoryRoles.length > 0 ? { wids: [...directoryRoles].sort() } : {};
  if (told.length === 0) return { claims: wids, roles: [] };
  if (token.isInFragment && told.length > GROUPS_IN_FRAGMENT_MAX)
    return { claims: { ...wids, hasgroups: true }, roles: [] };
  if (told.length > GROUPS_MAX) return { claims: { ...wids, ...whereToAsk(token) }, roles: [] };
  const properties = claim?.additionalProperties ?? [];
  const isNamed = properties.includes("cloud_displayname");
  const values = told.map(({ id, displayName }) => (isNamed ? displayName : id)).sort();
  if (properties.includes("emit_as_roles")) return { claims: wids, roles: values };
  return { claims: { ...wids, groups: values }, roles: [] };
}

/** OpenID Connect Core section 5.6.2, distributed claims. */
function whereToAsk({ tenantId, objectId, kind }: MembershipToken) {
  return {
    _claim_names: { groups: "src1" },
    _claim_sources: {
      src1: { endpoint: `https://graph.windows.net/${tenantId}/${kind}/${objectId}/getMemberObjects` },
    },
  };
}
