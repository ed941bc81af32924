/** A single decision, without anything kept: for one-off questions and tests. Servers keep a `PrincipalAccess`. */

import type { Permission } from "../../wire/rbac/permission.ts";
import type { Decision } from "./decision.ts";
import { compilePolicy, type Policy } from "./policy.ts";
import { compilePrincipal } from "./principal-access.ts";

export interface AccessRequest {
  /** The object id of the caller and those of the groups it belongs to. */
  readonly principalIds: readonly string[];
  readonly permission: Permission;
  readonly scope: string;
}

export function decide(request: AccessRequest, policy: Policy): Decision {
  return compilePrincipal(request.principalIds, compilePolicy(policy)).decide(
    request.permission,
    request.scope,
  );
}
