/** Management groups. A tenant has its root group and no other. Source: "Management Groups - List", "Management Groups - Get", "Entities - List". */
import { roleScopesOf } from "../../../app/management/role-assignment-read.ts";
import { tenantRead } from "../../../app/management/tenant-read.ts";
import { subscriptionScope, subscriptionsWithRoles } from "../../../app/subscriptions/subscription-read.ts";
import { asciiLowerCase } from "../../../core/access/ascii-lower-case.ts";
import { armFault } from "../request/arm-fault.ts";
import type { ArmContext } from "../request/context.ts";
import { operation } from "../request/operation.ts";

export const listManagementGroups = operation(
  "Microsoft.Management/ManagementGroups_List",
  async (context) => ({
    json: { value: [await rootView(context)] },
  }),
);

export const getManagementGroup = operation("Microsoft.Management/ManagementGroups_Get", async (context) => {
  const { path, principal } = context;
  if (asciiLowerCase(path.groupId ?? "") !== principal.tenantId)
    throw armFault("NotFound", `The management group '${path.groupId}' cannot be found.`);
  const root = await rootView(context);
  return {
    json: {
      ...root,
      properties: {
        ...root.properties,
        details: {
          version: 1,
          updatedTime: "2014-01-01T00:00:00Z",
          updatedBy: principal.tenantId,
          parent: null,
        },
        children: null,
      },
    },
  };
});

/** The root group and, below it, the subscriptions in which the caller has a role. Source: "Entities - List". */
export const listEntities = operation("Microsoft.Management/Entities_List", async (context) => {
  const { plane, principal } = context;
  const root = await rootView(context);
  const roleScopes = await roleScopesOf(plane, principal.tenantId, principal.objectId);
  const subscriptions = await subscriptionsWithRoles(plane, principal.tenantId, roleScopes);
  const entity = (displayName: string, parent: string | null, above: readonly string[]) => ({
    tenantId: principal.tenantId,
    displayName,
    parent: { id: parent },
    parentDisplayNameChain: above,
    parentNameChain: above.map(() => root.name),
    permissions: "view",
    inheritedPermissions: "noaccess",
    numberOfDescendants: parent === null ? subscriptions.length : 0,
    numberOfChildren: parent === null ? subscriptions.length : 0,
    numberOfChildGroups: 0,
  });
  const { id, type, name, properties } = root;
  const value = [
    { id, type, name, properties: entity(properties.displayName, null, []) },
    ...subscriptions.map((subscription) => ({
      id: subscriptionScope(subscription),
      type: "/subscriptions",
      name: subscription.subscriptionId,
      properties: entity(subscription.displayName, id, [properties.displayName]),
    })),
  ];
  return { json: { value, count: value.length } };
});

async function rootView({ plane, principal }: ArmContext) {
  const { id } = await tenantRead(plane, principal.tenantId);
  return {
    id: `/providers/Microsoft.Management/managementGroups/${id}`,
    type: "Microsoft.Management/managementGroups",
    name: id,
    properties: { tenantId: id, displayName: "Tenant Root Group" },
  };
}
