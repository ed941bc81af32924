/**
 * All that one principal may do, ready to be asked. Made once per principal and policy; a question asked before is
 * answered by one look-up, a new one by looking only at the principal's assignments on the path from the scope up.
 */

import type { Permission } from "../../wire/rbac/permission.ts";
import { asciiLowerCase } from "./ascii-lower-case.ts";
import type { ConsideredAssignment, Decision } from "./decision.ts";
import type { CompiledAssignment, CompiledPolicy } from "./policy.ts";
import { enclosingScopes, parseScope, type Scope } from "./scope.ts";

export interface PrincipalAccess {
  /** @param scope of the resource, in any case; one that is no scope is denied. */
  decide(permission: Permission, scope: string): Decision;
}

/** Assignments a denial lists. Ours: enough to explain, little enough to keep. */
export const CONSIDERED_MAX = 50;

/** Decisions remembered per principal. Ours: scopes come from requests, so their number must be bounded. */
const DECISIONS_MAX = 256;

/** @param principalIds the object id of the caller and those of the groups it belongs to. */
export function compilePrincipal(principalIds: Iterable<string>, policy: CompiledPolicy): PrincipalAccess {
  const assignments = [...new Set(principalIds)].flatMap((id) => policy.assignmentsOf(id));
  const byScope = Map.groupBy(assignments, ({ scope }) => scope);
  const decisions = new Map<string, Decision>();

  return {
    decide(permission, scope) {
      const question = `${permission.kind}\n${permission.name}\n${scope}`;
      const known = decisions.get(question);
      if (known !== undefined) return known;
      if (decisions.size >= DECISIONS_MAX) decisions.clear();
      const path = pathTo(scope, policy);
      const decision = grantOn(path, byScope, permission) ?? {
        allowed: false,
        considered: explain(path, byScope, assignments, permission),
      };
      decisions.set(question, decision);
      return decision;
    },
  };
}

function pathTo(scope: string, policy: CompiledPolicy): Scope[] {
  const parsed = parseScope(scope);
  return parsed === undefined ? [] : enclosingScopes(parsed, policy.managementGroupsOf);
}

type AssignmentsByScope = ReadonlyMap<Scope | undefined, readonly CompiledAssignment[]>;

function grantOn(
  path: readonly Scope[],
  byScope: AssignmentsByScope,
  permission: Permission,
): Decision | undefined {
  const name = asciiLowerCase(permission.name);
  for (const scope of path) {
    for (const { assignment, role } of byScope.get(scope) ?? []) {
      const verdict = role?.verdict(permission.kind, name);
      if (role === undefined || !verdict?.granted) continue;
      const by = {
        permission,
        assignmentId: assignment.id,
        scope: assignment.scope,
        roleDefinitionId: assignment.roleDefinitionId,
        roleName: role.definition.roleName,
        pattern: verdict.pattern,
      };
      return { allowed: true, by };
    }
  }
  return undefined;
}

function explain(
  path: readonly Scope[],
  byScope: AssignmentsByScope,
  assignments: readonly CompiledAssignment[],
  permission: Permission,
): ConsideredAssignment[] {
  const name = asciiLowerCase(permission.name);
  const inScope = path.flatMap((scope) => byScope.get(scope) ?? []).slice(0, CONSIDERED_MAX);
  const considered = inScope.map((candidate) => {
    const verdict = candidate.role?.verdict(permission.kind, name);
    return describe(candidate, verdict === undefined || verdict.granted ? "no-role" : verdict.why);
  });
  const known = new Set(inScope);
  for (const candidate of assignments) {
    if (considered.length === CONSIDERED_MAX) break;
    if (!known.has(candidate)) considered.push(describe(candidate, "scope"));
  }
  return considered;
}

function describe(
  { assignment, role }: CompiledAssignment,
  why: ConsideredAssignment["why"],
): ConsideredAssignment {
  const roleName = role?.definition.roleName ?? assignment.roleDefinitionId;
  return { assignmentId: assignment.id, scope: assignment.scope, roleName, why };
}
