/** Whether the caller may do what the request asks, decided at the resource before it is looked up. */
import type { TokenPrincipal } from "../../app/directory/access-token-verify.ts";
import { roleScopesOf } from "../../app/resources/role-assignment-read.ts";
import { parseScope, scopeContains } from "../../core/access/scope.ts";
import type { ArmOperationId } from "../../wire/arm/operations.gen.ts";
import { armPermission } from "../../wire/arm/permissions.ts";
import { armFault } from "./arm-fault.ts";
import type { ArmContext, ArmPlane } from "./context.ts";
import type { Route } from "./route.ts";

/** Questions about the caller itself: whoever is signed in may ask, and the answer holds only what is its own. */
const OPEN_TO_ALL: ReadonlySet<ArmOperationId> = new Set([
  "Microsoft.Resources/Tenants_List",
  "Microsoft.Resources/Subscriptions_List",
  // The same for everyone: what providers there are, and what can be done with them.
  "Microsoft.Authorization/ProviderOperationsMetadata_Get",
  "Microsoft.Authorization/ProviderOperationsMetadata_List",
  "Microsoft.Batch/Operations_List",
  "Microsoft.ManagedIdentity/Operations_List",
  "Microsoft.Resources/Operations_List",
  "Microsoft.Resources/Providers_GetAtTenantScope",
  "Microsoft.Resources/Providers_ListAtTenantScope",
]);

export interface Caller {
  readonly principal: TokenPrincipal;
  /** Whom its roles are assigned to: itself, then its groups. */
  readonly principalIds: readonly string[];
}

/**
 * @param isFiltered the reply leaves out what the caller may not read, so a role below the scope is enough to ask
 * @throws Fault AuthorizationFailed naming what is missing
 */
export async function authorize(
  plane: ArmPlane,
  caller: Caller,
  { id, parameters, scope }: Route,
  isFiltered: boolean,
): Promise<ArmContext["allowedAt"]> {
  const { principal, principalIds } = caller;
  const access = await plane.access.principal(principal.tenantId, principalIds);
  const { name, kind } = armPermission(id);
  const permission = {
    kind,
    name: name.replace(/^\{(\w+)\}/, (_, parameter) => parameters[parameter] ?? ""),
  };
  const allowedAt = (at: string) => access.decide(permission, at).allowed;
  if (OPEN_TO_ALL.has(id) || allowedAt(scope)) return allowedAt;
  if (isFiltered && (await holdsRoleBelow(plane, caller, scope))) return allowedAt;
  throw armFault(
    "AuthorizationFailed",
    `The client '${principal.appId}' with object id '${principal.objectId}' is not authorized to perform action '${permission.name}' over scope '${scope}'.`,
  );
}

async function holdsRoleBelow(
  plane: ArmPlane,
  { principal: { tenantId }, principalIds }: Caller,
  scope: string,
): Promise<boolean> {
  const outer = parseScope(scope);
  const held = await roleScopesOf(plane, tenantId, principalIds);
  return outer !== undefined && held.some((inner) => scopeContains(outer, inner));
}
