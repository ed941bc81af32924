/** Whether the caller may do what the request asks, decided at the resource before it is looked up. */
import { callerOf } from "../../../app/access/judged-request.ts";
import type { TokenPrincipal } from "../../../app/directory/access-token-verify.ts";
import { roleScopesOf } from "../../../app/management/role-assignment-read.ts";
import { builtInRolesGranting } from "../../../core/access/operation-access.ts";
import { parseScope, scopeContains } from "../../../core/access/scope.ts";
import type { Exchange } from "../../../http/exchange.ts";
import type { ArmOperationId } from "../../../wire/arm/operations.ts";
import { armPermission } from "../../../wire/arm/permissions.ts";
import type { Permission } from "../../../wire/rbac/permission.ts";
import { armFault } from "./arm-fault.ts";
import type { ArmContext, ArmPlane } from "./context.ts";
import type { Route } from "./route.ts";

/** Questions about the caller itself: whoever is signed in may ask, and the answer holds only what is its own. */
const OPEN_TO_ALL: ReadonlySet<ArmOperationId> = new Set([
  "Microsoft.Resources/Tenants_List",
  "Microsoft.Resources/Subscriptions_List",
  // The same for everyone: what providers there are, and what can be done with them.
  "Microsoft.Insights/EventCategories_List",
  // Of one's own tenant alone, which one's token names.
  "Microsoft.Management/Entities_List",
  "Microsoft.Management/ManagementGroups_Get",
  "Microsoft.Management/ManagementGroups_List",
  "Microsoft.Authorization/ProviderOperationsMetadata_Get",
  "Microsoft.Authorization/ProviderOperationsMetadata_List",
  "Microsoft.Batch/Operations_List",
  "Microsoft.ManagedIdentity/Operations_List",
  "Microsoft.Resources/Operations_List",
  "Microsoft.Storage/Operations_List",
  "Microsoft.Resources/Providers_GetAtTenantScope",
  "Microsoft.Resources/Providers_ListAtTenantScope",
]);

type Rights = Pick<ArmContext, "allowedAt" | "requireLinked">;

export interface AskedOperation {
  readonly route: Route;
  readonly apiVersion: string;
  /** The reply leaves out what the caller may not read, so a role below the scope is enough to ask. */
  readonly isFiltered?: boolean | undefined;
}

/** @throws Fault AuthorizationFailed naming what is missing */
export async function authorize(
  plane: ArmPlane,
  exchange: Exchange,
  principal: TokenPrincipal,
  { route, apiVersion, isFiltered = false }: AskedOperation,
): Promise<Rights> {
  const { id, scope } = route;
  const { journal } = plane;
  const { objectId } = principal;
  const access = await plane.access.principal(principal.tenantId, objectId);
  const permission = permissionOf(route);
  const allowedAt = (at: string) => {
    const { allowed } = access.decide(permission, at);
    if (allowed && journal.recordings.isOn(objectId)) journal.recordings.use(objectId, [permission], at);
    return allowed;
  };
  const request = {
    requestId: exchange.id,
    at: plane.clock(),
    caller: callerOf(principal),
    plane: "arm",
    operation: id,
    apiVersion,
    client: exchange.userAgent,
    scope,
    target: exchange.shortPath,
  } as const;
  const requireLinked: Rights["requireLinked"] = (linked, at) => {
    if (access.decide(linked, at).allowed) {
      if (journal.recordings.isOn(objectId)) journal.recordings.use(objectId, [linked], at);
      return;
    }
    exchange.onEnd(journal.denied({ ...request, scope: at }, denialOf(linked, at)));
    throw armFault(
      "LinkedAuthorizationFailed",
      `The client '${principal.appId}' with object id '${objectId}' has permission to perform action '${permission.name}' on scope '${scope}'; however, it does not have permission to perform action(s) '${linked.name}' on the linked scope(s) '${at}' (respectively) or the linked scope(s) are invalid.`,
    );
  };
  const denialOf = (missing: Permission, at: string) => ({
    missing,
    considered: access.explain(missing, at),
    builtInRoles: builtInRolesGranting(missing),
  });
  if (OPEN_TO_ALL.has(id)) return { allowedAt, requireLinked };
  const decision = access.decide(permission, scope);
  if (decision.allowed) {
    if (!permission.name.endsWith("/read"))
      exchange.onEnd(journal.allowed(request, [permission], [decision.by]));
    else allowedAt(scope);
    return { allowedAt, requireLinked };
  }
  if (isFiltered && (await holdsRoleBelow(plane, principal, scope))) return { allowedAt, requireLinked };
  exchange.onEnd(journal.denied(request, denialOf(permission, scope)));
  throw armFault(
    "AuthorizationFailed",
    `The client '${principal.appId}' with object id '${objectId}' is not authorized to perform action '${permission.name}' over scope '${scope}'.`,
  );
}

function permissionOf({ id, parameters }: Route): Permission {
  const { name, kind } = armPermission(id);
  return { kind, name: name.replace(/^\{(\w+)\}/, (_, parameter) => parameters[parameter] ?? "") };
}

async function holdsRoleBelow(
  plane: ArmPlane,
  { tenantId, objectId }: TokenPrincipal,
  scope: string,
): Promise<boolean> {
  const outer = parseScope(scope);
  const held = await roleScopesOf(plane, tenantId, objectId);
  return outer !== undefined && held.some((inner) => scopeContains(outer, inner));
}
