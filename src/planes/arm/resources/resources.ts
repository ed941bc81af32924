/** The generic lists of resources. Source: "Resources - List", "Resources - List By Resource Group". */
import { resourceList, type TrackedResource } from "../../../app/management/resource-list.ts";
import type { ArmContext } from "../request/context.ts";
import { type FilteredList, filteredList } from "../request/operation.ts";
import { resourceFilter } from "../request/resource-filter.ts";

const FILTERED = ["name", "resourceType", "location", "resourceGroup"] as const;

const list: Omit<FilteredList<TrackedResource>, "fetch"> = {
  scopeOf: ({ id }) => id,
  filter: ({ exchange }) => {
    const matches = resourceFilter(exchange.query, FILTERED);
    return ({ name, type, location, resourceGroup, tags }) =>
      matches({ tags, properties: { name, resourceType: type, location, resourceGroup } });
  },
  view: resourceView,
};

export const listResources = filteredList("Microsoft.Resources/Resources_List", {
  ...list,
  fetch: ({ plane, parent: { subscription } }) => resourceList(plane, { subscription }),
});

export const listResourcesOfGroup = filteredList("Microsoft.Resources/Resources_ListByResourceGroup", {
  ...list,
  fetch: ({ plane, parent: { group } }) => resourceList(plane, { group }),
});

function resourceView(resource: TrackedResource, { exchange }: ArmContext): object {
  const { id, name, type, location, kind, sku, tags, provisioningState, createdAt, changedAt } = resource;
  const expanded = {
    createdTime: new Date(createdAt).toISOString(),
    changedTime: new Date(changedAt).toISOString(),
    provisioningState,
  };
  const wanted = (exchange.query.get("$expand") ?? "").split(",").map((property) => property.trim());
  const shown = Object.entries(expanded).filter(([property]) => wanted.includes(property));
  return {
    id,
    name,
    type,
    ...(kind !== undefined && { kind }),
    ...(sku && { sku }),
    location,
    tags,
    ...Object.fromEntries(shown),
  };
}
