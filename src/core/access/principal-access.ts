/**
 * All that one principal may do, ready to be asked. Made once per principal and policy; a question looks only at what the principal
 * holds on the way from the scope up, so it costs the same however many assignments the tenant has.
 */

import type { ConsideredAssignment } from "../../wire/access/access-api.ts";
import type { Permission } from "../../wire/rbac/permission.ts";
import { asciiLowerCase } from "./ascii-lower-case.ts";
import type { Decision } from "./decision.ts";
import type { CompiledAssignment, CompiledPolicy } from "./policy.ts";
import { isEnclosedAt, managementGroupScopes, parseScope, type Scope } from "./scope.ts";

export interface PrincipalAccess {
  /** @param scope of the resource, in any case; one that is no scope is denied. */
  decide(permission: Permission, scope: string): Decision;
  /**
   * Why a permission that was denied was: the assignments in scope first, then those elsewhere; at most `CONSIDERED_MAX`.
   */
  explain(permission: Permission, scope: string): ConsideredAssignment[];
}

/** Assignments an explanation lists. Ours: enough to explain, little enough to keep. */
export const CONSIDERED_MAX = 50;

const DENIED: Decision = { allowed: false };

/** Of a principal that may not act at all, whatever was assigned to it. */
export const NOTHING_ALLOWED: PrincipalAccess = { decide: () => DENIED, explain: () => [] };

/** @param principalIds the object id of the caller and those of the groups it belongs to. */
export function compilePrincipal(principalIds: Iterable<string>, policy: CompiledPolicy): PrincipalAccess {
  const assignments = [...new Set(principalIds)].flatMap((id) => policy.assignmentsOf(id));
  const held = holdings(assignments, policy);

  return {
    decide(permission, scope) {
      const name = asciiLowerCase(permission.name);
      for (const candidates of held(scope)) {
        for (const { assignment, role } of candidates) {
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
      return DENIED;
    },

    explain(permission, scope) {
      const name = asciiLowerCase(permission.name);
      const inScope = held(scope).flat();
      const known = new Set(inScope);
      const elsewhere = assignments.filter((candidate) => !known.has(candidate));
      return [
        ...inScope.slice(0, CONSIDERED_MAX).map((candidate) => {
          const verdict = candidate.role?.verdict(permission.kind, name);
          return considered(candidate, verdict === undefined || verdict.granted ? "no-role" : verdict.why);
        }),
        ...elsewhere.slice(0, CONSIDERED_MAX).map((candidate) => considered(candidate, "scope")),
      ].slice(0, CONSIDERED_MAX);
    },
  };
}

type Held = (scope: string) => (readonly CompiledAssignment[])[];

/**
 * What holds at a scope: the nearest first, what comes by management groups last. A scope encloses another when it is its beginning, so
 * only beginnings as long as some scope of an assignment are looked up, not every step of the path.
 */
function holdings(assignments: readonly CompiledAssignment[], { managementGroupsOf }: CompiledPolicy): Held {
  const byScope = Map.groupBy(assignments, ({ scope }) => scope);
  const lengths = [...new Set([...byScope.keys()].map((scope) => scope?.length ?? 0))].sort((a, b) => b - a);
  return (text) => {
    const scope = parseScope(text);
    if (scope === undefined) return [];
    const held: (readonly CompiledAssignment[])[] = [];
    const add = (enclosing: Scope) => {
      const found = byScope.get(enclosing);
      if (found !== undefined) held.push(found);
    };
    for (const length of lengths) if (isEnclosedAt(scope, length)) add(scope.slice(0, length) as Scope);
    if (managementGroupsOf !== undefined) managementGroupScopes(scope, managementGroupsOf).forEach(add);
    return held;
  };
}

function considered(
  { assignment, role }: CompiledAssignment,
  why: ConsideredAssignment["why"],
): ConsideredAssignment {
  const roleName = role?.definition.roleName ?? assignment.roleDefinitionId;
  return { assignmentId: assignment.id, scope: assignment.scope, roleName, why };
}
