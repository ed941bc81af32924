/**
 * Who was assigned which role where: the input of every decision, and its compiled form, in which each principal's
 * assignments are at hand and each role is compiled when it is first looked at. A compiled policy is a snapshot: after
 * a change of assignments or definitions, compile anew.
 */

import { type RoleDefinition, roleDefinitionName } from "../../wire/rbac/role-definition.ts";
import { asciiLowerCase } from "./ascii-lower-case.ts";
import { isAssignableAt } from "./assignable-scope.ts";
import { compileRole, type Role } from "./role.ts";
import { type ManagementGroupsOf, parseScope, type Scope } from "./scope.ts";

export interface RoleAssignment {
  readonly id: string;
  readonly principalId: string;
  /** Any form of the role definition's id; its last segment tells the role. */
  readonly roleDefinitionId: string;
  readonly scope: string;
}

/** Of one tenant. */
export interface Policy {
  readonly assignments: Iterable<RoleAssignment>;
  readonly definitions: Iterable<RoleDefinition>;
  readonly managementGroupsOf?: ManagementGroupsOf;
}

/**
 * `role` and `scope` are undefined where the assignment names one that does not exist, or where the role cannot be assigned at the
 * scope; it then grants nothing.
 */
export interface CompiledAssignment {
  readonly assignment: RoleAssignment;
  readonly role: Role | undefined;
  readonly scope: Scope | undefined;
}

export interface CompiledPolicy {
  readonly assignmentsOf: (principalId: string) => readonly CompiledAssignment[];
  readonly managementGroupsOf: ManagementGroupsOf | undefined;
}

export function compilePolicy(policy: Policy): CompiledPolicy {
  const definitions = new Map<string, RoleDefinition>();
  for (const definition of policy.definitions)
    definitions.set(roleDefinitionName(definition.name), definition);
  const assignments = new Map<string, RoleAssignment[]>();
  for (const assignment of policy.assignments) {
    const principalId = asciiLowerCase(assignment.principalId);
    const known = assignments.get(principalId);
    if (known === undefined) assignments.set(principalId, [assignment]);
    else known.push(assignment);
  }

  const roles = new Map<string, Role>();
  const roleOf = ({ roleDefinitionId }: RoleAssignment, scope: Scope | undefined): Role | undefined => {
    const name = roleDefinitionName(roleDefinitionId);
    const definition = definitions.get(name);
    if (definition === undefined || scope === undefined) return undefined;
    if (!isAssignableAt(definition, scope, policy.managementGroupsOf)) return undefined;
    const role = roles.get(name) ?? compileRole(definition);
    roles.set(name, role);
    return role;
  };

  return {
    assignmentsOf: (principalId) =>
      (assignments.get(asciiLowerCase(principalId)) ?? []).map((assignment) => {
        const scope = parseScope(assignment.scope);
        return { assignment, role: roleOf(assignment, scope), scope };
      }),
    managementGroupsOf: policy.managementGroupsOf,
  };
}
