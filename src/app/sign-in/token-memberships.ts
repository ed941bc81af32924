/** Looks up what tokens tell of groups and directory roles: nothing, unless the registration asks for it. */
import {
  askedMemberships,
  GROUPS_MAX,
  type MembershipClaims,
  membershipClaims,
  NO_MEMBERSHIPS,
} from "../../core/token/membership-claims.ts";
import { appRoleAssignmentsOfResource } from "../../store/consents.ts";
import type { OptionalClaim } from "../../wire/entra/registration.ts";
import type { Client, Directory } from "../directory/directory.ts";
import { directoryRolesOf } from "../directory/directory-role.ts";
import { groupFind } from "../directory/group.ts";

/** The principal for whom the token is made. */
export interface TokenHolder {
  readonly kind: "users" | "servicePrincipals";
  readonly tenantId: string;
  readonly objectId: string;
  readonly isInFragment?: boolean;
}

/**
 * @param application whose registration says what is told: the resource for its access tokens, the client for its id tokens
 * @param claims its optional claims for this kind of token
 */
export async function tokenMemberships(
  directory: Directory,
  application: Client,
  claims: readonly OptionalClaim[] | undefined,
  { kind, tenantId, objectId, isInFragment = false }: TokenHolder,
): Promise<MembershipClaims> {
  const { registration } = application;
  const asked = askedMemberships(registration);
  if (asked.size === 0) return NO_MEMBERSHIPS;
  const claim = claims?.find(({ name }) => name === "groups");
  const isNamed = claim?.additionalProperties.includes("cloud_displayname") === true;
  const groupIds = (await directory.principalIds(objectId)).filter((id) => id !== objectId);
  const [displayNames, assigned, directoryRoles] = await Promise.all([
    isNamed ? namesOf(directory, tenantId, groupIds) : new Map<string, string>(),
    asked.has("ApplicationGroup") ? assignedTo(directory, application) : new Set<string>(),
    directoryRolesOf(directory, tenantId, objectId),
  ]);
  const groups = groupIds.map((id) => ({ id, displayName: displayNames.get(id) ?? id }));
  return membershipClaims(
    registration,
    claim,
    { groups, assigned, directoryRoles: [...directoryRoles] },
    { tenantId, objectId, kind, isInFragment },
  );
}

/** Of no more than a token can hold: with one more it holds none. */
async function namesOf(directory: Directory, tenantId: string, ids: readonly string[]) {
  const names = new Map<string, string>();
  for (const id of ids.slice(0, GROUPS_MAX)) {
    const found = await groupFind(directory, tenantId, id);
    if (found !== undefined) names.set(id, found.displayName);
  }
  return names;
}

async function assignedTo(directory: Directory, { objectId }: Client): Promise<ReadonlySet<string>> {
  const rows = await appRoleAssignmentsOfResource.all(directory.read, { resource_id: objectId });
  return new Set(rows.map(({ principal_id }) => principal_id));
}
