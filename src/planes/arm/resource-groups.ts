/** Resource groups. */
import {
  type ResourceGroup,
  resourceGroupList,
  resourceGroupScope,
} from "../../app/resources/resource-group-read.ts";
import { filteredList, operation } from "./operation.ts";

export const listResourceGroups = filteredList("Microsoft.Resources/ResourceGroups_List", {
  fetch: ({ plane, place }) => resourceGroupList(plane, place.subscription),
  scopeOf: resourceGroupScope,
  view: resourceGroupView,
});

export const getResourceGroup = operation("Microsoft.Resources/ResourceGroups_Get", async ({ place }) => ({
  json: resourceGroupView(place.group),
}));

export const resourceGroupExists = operation(
  "Microsoft.Resources/ResourceGroups_CheckExistence",
  // That the path's group exists has been seen by now.
  async () => ({}),
);

function resourceGroupView(group: ResourceGroup): object {
  const { name, location } = group;
  return {
    id: resourceGroupScope(group),
    name,
    type: "Microsoft.Resources/resourceGroups",
    location,
    properties: { provisioningState: "Succeeded" },
  };
}
