/** A single decision with its reasons, without anything kept: for one-off questions and tests. Servers keep a `PrincipalAccess`. */

import type { ConsideredAssignment, Grant } from "../../wire/access/access-api.ts";
import type { Permission } from "../../wire/rbac/permission.ts";
import { compilePolicy, type Policy } from "./policy.ts";
import { compilePrincipal } from "./principal-access.ts";

export interface AccessRequest {
  /** The object id of the caller and those of the groups it belongs to. */
  readonly principalIds: readonly string[];
  readonly permission: Permission;
  readonly scope: string;
}

export type ExplainedDecision =
  | { readonly allowed: true; readonly by: Grant }
  | { readonly allowed: false; readonly considered: readonly ConsideredAssignment[] };

export function decide(
  { principalIds, permission, scope }: AccessRequest,
  policy: Policy,
): ExplainedDecision {
  const access = compilePrincipal(principalIds, compilePolicy(policy));
  const decision = access.decide(permission, scope);
  return decision.allowed ? decision : { allowed: false, considered: access.explain(permission, scope) };
}
