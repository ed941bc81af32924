/**
 * Who may call an operation of the Batch data plane. It is allowed by its own permission; or by
 * `listKeys/action`, which opens any operation, for who can read the account's keys can do anything with them; or, if it
 * reads, by `batchAccounts/read`. A job or job schedule that brings an auto pool also needs `pools/write`, for it makes
 * one. Source: "Role-based access control for Azure Batch service", section "Assign a custom role".
 */

import type { ConsideredAssignment, Grant } from "../../wire/access/access-api.ts";
import { BATCH_PERMISSIONS } from "../../wire/rbac/batch-permissions.ts";
import { BUILT_IN_ROLES } from "../../wire/rbac/built-in-roles.ts";
import type { Permission } from "../../wire/rbac/permission.ts";
import { asciiLowerCase } from "./ascii-lower-case.ts";
import type { PrincipalAccess } from "./principal-access.ts";
import { compileRole } from "./role.ts";

export interface GuardedOperation {
  readonly permission: Permission;
  /** GET, HEAD, and evaluating an autoscale formula. */
  readonly isRead: boolean;
  /** The job or job schedule in the request's body specifies an auto pool. */
  readonly withAutoPool?: boolean;
}

export type OperationDecision =
  | {
      readonly allowed: true;
      /** One grant per requirement: the operation's own and, with an auto pool, that of the pool. */
      readonly by: readonly Grant[];
    }
  | { readonly allowed: false; readonly missing: Permission };

/** Why an operation was denied, and what would allow it. */
export interface OperationDenial {
  readonly missing: Permission;
  readonly considered: readonly ConsideredAssignment[];
  /** Names of the built-in roles any of which would do, narrowest first. */
  readonly builtInRoles: readonly string[];
}

/** @param accountScope the id of the Batch account: data-plane decisions are made there. */
export function decideOperation(
  principal: PrincipalAccess,
  operation: GuardedOperation,
  accountScope: string,
): OperationDecision {
  const by: Grant[] = [];
  for (const requirement of requirements(operation)) {
    const grant = firstGrant(principal, requirement, accountScope);
    if (grant === undefined) return { allowed: false, missing: requirement[0] };
    by.push(grant);
  }
  return { allowed: true, by };
}

/** Each requirement lists the permissions that satisfy it, the telling one first. */
type Requirement = readonly [Permission, ...Permission[]];

function requirements({ permission, isRead, withAutoPool }: GuardedOperation): Requirement[] {
  const listKeys = BATCH_PERMISSIONS["listKeys/action"];
  const own: Requirement = isRead ? [permission, listKeys, BATCH_PERMISSIONS.read] : [permission, listKeys];
  return withAutoPool === true ? [own, [BATCH_PERMISSIONS["pools/write"], listKeys]] : [own];
}

function firstGrant(principal: PrincipalAccess, requirement: Requirement, scope: string): Grant | undefined {
  for (const permission of requirement) {
    const decision = principal.decide(permission, scope);
    if (decision.allowed) return decision.by;
  }
  return undefined;
}

/** @param missing what `decideOperation` said */
export function explainOperation(
  principal: PrincipalAccess,
  operation: GuardedOperation,
  missing: Permission,
  accountScope: string,
): OperationDenial {
  return {
    missing,
    considered: principal.explain(missing, accountScope),
    builtInRoles: builtInRolesFor(operation),
  };
}

/** What the operation itself asks for: the permissions that a role made for it would name. */
export function ownPermissions(operation: GuardedOperation): Permission[] {
  return requirements(operation).map(([own]) => own);
}

const ROLES = BUILT_IN_ROLES.map(compileRole);

/** The built-in roles that, assigned at the account or above, allow the operation; narrowest first. */
export function builtInRolesFor(operation: GuardedOperation): string[] {
  return rolesMeeting(requirements(operation));
}

/** The built-in roles that grant this very permission; narrowest first. */
export function builtInRolesGranting(permission: Permission): string[] {
  return rolesMeeting([[permission]]);
}

function rolesMeeting(needed: readonly Requirement[]): string[] {
  return ROLES.filter(({ verdict }) =>
    needed.every((requirement) =>
      requirement.some(({ kind, name }) => verdict(kind, asciiLowerCase(name)).granted),
    ),
  ).map(({ definition }) => definition.roleName);
}
