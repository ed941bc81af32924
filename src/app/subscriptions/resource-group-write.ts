/** Creating and changing resource groups. The plane has checked that the caller may. */
import { asciiLowerCase } from "../../core/access/ascii-lower-case.ts";
import { Fault } from "../../core/fault.ts";
import { type JsonObject, optionalText } from "../../core/management/json-body.ts";
import { RESOURCE_GROUP_TYPE, requiredLocation } from "../../core/management/location-name.ts";
import { tagsOf } from "../../core/management/tags.ts";
import { resourceGroupByName, resourceGroupInsert, resourceGroupSet } from "../../store/accounts.ts";
import type { Connection } from "../../store/engine/connection.ts";
import type { Row } from "../../store/schema.ts";
import { RESOURCE_GROUP_NAME_PATTERN } from "../../wire/arm/limits.ts";
import type { Records } from "../records.ts";
import { type ResourceGroup, resourceGroup } from "./resource-group-read.ts";
import type { Subscription } from "./subscription-read.ts";

export async function resourceGroupPut(
  { store, clock }: Pick<Records, "store" | "clock">,
  { subscriptionId }: Subscription,
  name: string,
  body: JsonObject,
  locations: readonly string[],
): Promise<{ readonly group: ResourceGroup; readonly created: boolean }> {
  if (!RESOURCE_GROUP_NAME_PATTERN.test(name)) {
    throw new Fault(
      "InvalidResourceGroupName",
      `'${name.slice(0, 100)}' can be no resource group's name: 1 to 90 letters, digits, underscores, hyphens, parentheses and full stops make one, and it does not end with a full stop.`,
      { status: 400 },
    );
  }
  const location = requiredLocation(body, RESOURCE_GROUP_TYPE, locations);
  const tags = JSON.stringify(tagsOf(body) ?? {});
  const managedBy = optionalText(body, "managedBy") ?? null;
  const now = clock();
  return store.grow(async (c) => {
    const names = { subscription_id: subscriptionId, name_lower: asciiLowerCase(name) };
    const known = await resourceGroupByName.first(c, names);
    if (!known) {
      const values = {
        ...names,
        name,
        location,
        tags,
        managed_by: managedBy,
        state: "active",
        created_at: now,
        changed_at: now,
      };
      const [inserted] = await resourceGroupInsert.all(c, values);
      if (!inserted) throw new Error("the resource group was not inserted");
      return { group: resourceGroup({ ...values, ...inserted }), created: true };
    }
    refuseDeletingGroup(known);
    if (known.location !== location) {
      throw new Fault(
        "InvalidResourceGroupLocation",
        `The resource group '${known.name}' already exists in location '${known.location}'. A resource group with the same name cannot be created in location '${location}'.`,
        { status: 409 },
      );
    }
    return {
      group: await changed(c, known, { tags, managed_by: managedBy, changed_at: now }),
      created: false,
    };
  });
}

/** Undefined when the group has gone meanwhile. */
export function resourceGroupPatch(
  { store, clock }: Pick<Records, "store" | "clock">,
  group: ResourceGroup,
  body: JsonObject,
): Promise<ResourceGroup | undefined> {
  const tags = tagsOf(body);
  const managedBy = optionalText(body, "managedBy");
  return store.write(async (c) => {
    const known = await rowOf(c, group);
    if (!known) return undefined;
    refuseDeletingGroup(known);
    return changed(c, known, {
      tags: tags === undefined ? known.tags : JSON.stringify(tags),
      managed_by: managedBy ?? known.managed_by,
      changed_at: clock(),
    });
  });
}

/** To be asked by whatever creates something in a group, in the transaction that does. @throws Fault ResourceGroupBeingDeleted */
export function refuseDeletingGroup({ name, state }: Pick<Row<"resource_group">, "name" | "state">): void {
  if (state !== "deleting") return;
  throw new Fault(
    "ResourceGroupBeingDeleted",
    `The resource group '${name}' is in deprovisioning state and cannot perform this operation.`,
    { status: 409 },
  );
}

async function changed(
  c: Connection,
  known: Row<"resource_group">,
  changes: Pick<Row<"resource_group">, "tags" | "managed_by" | "changed_at">,
): Promise<ResourceGroup> {
  const next = { ...known, ...changes };
  await resourceGroupSet.run(c, next);
  return resourceGroup(next);
}

function rowOf(c: Connection, { subscriptionId, name }: ResourceGroup) {
  const names = { subscription_id: subscriptionId, name_lower: asciiLowerCase(name) };
  return resourceGroupByName.first(c, names);
}
