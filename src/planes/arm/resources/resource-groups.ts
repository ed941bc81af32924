/** Resource groups. */
import { accountLocations } from "../../../app/management/location-list.ts";
import { resourceGroupRequestDelete } from "../../../app/management/resource-group-delete.ts";
import {
  type ResourceGroup,
  resourceGroupList,
  resourceGroupScope,
} from "../../../app/subscriptions/resource-group-read.ts";
import { resourceGroupPatch, resourceGroupPut } from "../../../app/subscriptions/resource-group-write.ts";
import { groupDeletionAccepted } from "../operation-results.ts";
import { readJsonBody } from "../request/json-body.ts";
import { filteredList, operation } from "../request/operation.ts";
import { groupNotFound } from "../request/parent.ts";
import { resourceFilter } from "../request/resource-filter.ts";

export const listResourceGroups = filteredList("Microsoft.Resources/ResourceGroups_List", {
  fetch: ({ plane, parent }) => resourceGroupList(plane, parent.subscription),
  scopeOf: resourceGroupScope,
  filter: ({ exchange }) => {
    const matches = resourceFilter(exchange.query, ["name", "location"]);
    return ({ name, location, tags }) => matches({ tags, properties: { name, location } });
  },
  view: resourceGroupView,
});

export const getResourceGroup = operation("Microsoft.Resources/ResourceGroups_Get", async ({ parent }) => ({
  json: resourceGroupView(parent.group),
}));

export const resourceGroupExists = operation(
  "Microsoft.Resources/ResourceGroups_CheckExistence",
  // That the path's group exists has been seen by now.
  async () => ({}),
);

export const putResourceGroup = operation(
  "Microsoft.Resources/ResourceGroups_CreateOrUpdate",
  async ({ plane, parent, path, exchange }) => {
    const name = path.resourceGroupName ?? "";
    const body = await readJsonBody(exchange);
    const { group, created } = await resourceGroupPut(
      plane,
      parent.subscription,
      name,
      body,
      accountLocations(plane),
    );
    return { status: created ? 201 : 200, json: resourceGroupView(group) };
  },
);

export const updateResourceGroup = operation(
  "Microsoft.Resources/ResourceGroups_Update",
  async ({ plane, parent, exchange }) => {
    const group = await resourceGroupPatch(plane, parent.group, await readJsonBody(exchange));
    if (!group) throw groupNotFound(parent.group.name);
    return { json: resourceGroupView(group) };
  },
);

export const deleteResourceGroup = operation("Microsoft.Resources/ResourceGroups_Delete", async (context) => {
  const { plane, parent } = context;
  await resourceGroupRequestDelete(plane, parent.group);
  // Also where it has gone by now: clients wait for a 202.
  return groupDeletionAccepted(context, parent.group.key);
});

function resourceGroupView(group: ResourceGroup): object {
  const { name, location, tags, managedBy, isDeleting } = group;
  return {
    id: resourceGroupScope(group),
    name,
    type: "Microsoft.Resources/resourceGroups",
    location,
    ...(managedBy !== undefined && { managedBy }),
    tags,
    properties: { provisioningState: isDeleting ? "Deleting" : "Succeeded" },
  };
}
