/** What the caller itself may do somewhere. Source: "Permissions - List For Resource Group". */
import { permissionList } from "../../../app/management/permission-list.ts";
import { resourceGroupScope } from "../../../app/subscriptions/resource-group-read.ts";
import { parseScope } from "../../../core/access/scope.ts";
import type { RolePermissions } from "../../../wire/rbac/role-definition.ts";
import { armFault } from "../request/arm-fault.ts";
import type { ArmContext, ArmReply } from "../request/context.ts";
import { operation } from "../request/operation.ts";
import { permissionsView } from "../request/rbac-scope.ts";

export const listPermissionsOfGroup = operation(
  "Microsoft.Authorization/Permissions_ListForResourceGroup",
  (context) => listAt(context, resourceGroupScope(context.parent.group)),
);

/** Any resource's, also one that is to be created. */
export const listPermissionsOfResource = operation(
  "Microsoft.Authorization/Permissions_ListForResource",
  (context) => listAt(context, context.path.scope ?? ""),
);

async function listAt({ plane, principal, apiVersion }: ArmContext, text: string): Promise<ArmReply> {
  const scope = parseScope(text);
  if (scope === undefined) throw armFault("InvalidScope", `'${text}' is no scope.`);
  const permissions = await permissionList(plane, principal.tenantId, principal.objectId, scope);
  return { json: { value: permissions.map((entry: RolePermissions) => permissionsView(entry, apiVersion)) } };
}
