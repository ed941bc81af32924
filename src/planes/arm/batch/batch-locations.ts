/** What Batch tells about a location before anything stands in it. */

import { isAccountNameFree } from "../../../app/management/account-read.ts";
import { accountLocations } from "../../../app/management/location-list.ts";
import { requiredText, wordOf } from "../../../core/management/json-body.ts";
import { isKnownLocation, locationName } from "../../../core/management/location-name.ts";
import { ACCOUNT_NAME_PATTERN } from "../../../wire/arm/limits.ts";
import { VIRTUAL_MACHINE_SKUS } from "../../../wire/arm/virtual-machine-skus.ts";
import { armFault } from "../request/arm-fault.ts";
import type { ArmContext } from "../request/context.ts";
import { readJsonBody } from "../request/json-body.ts";
import { operation } from "../request/operation.ts";

export const checkNameAvailability = operation(
  "Microsoft.Batch/Location_CheckNameAvailability",
  async (context) => {
    const location = knownLocation(context);
    const body = await readJsonBody(context.exchange);
    // Older clients leave it out: there is one type that has such names.
    if (body.type !== undefined) wordOf(body.type, ["Microsoft.Batch/batchAccounts"], "type");
    const name = requiredText(body, "name");
    if (!ACCOUNT_NAME_PATTERN.test(name)) {
      const message = "A Batch account's name is made of 3 to 24 lower-case letters and digits.";
      return { json: { nameAvailable: false, reason: "Invalid", message } };
    }
    if (await isAccountNameFree(context.plane, name)) return { json: { nameAvailable: true } };
    const message = `An account named '${name}' already exists, in '${location}' or another location of this installation.`;
    return { json: { nameAvailable: false, reason: "AlreadyExists", message } };
  },
);

export const getLocationQuotas = operation("Microsoft.Batch/Location_GetQuotas", async (context) => {
  knownLocation(context);
  return { json: { accountQuota: context.plane.accountsPerLocation } };
});

export const listVirtualMachineSkus = operation(
  "Microsoft.Batch/Location_ListSupportedVirtualMachineSkus",
  async (context) => {
    knownLocation(context);
    const value = VIRTUAL_MACHINE_SKUS.map(({ name, family, cores, memoryGb }) => ({
      name,
      familyName: family,
      capabilities: [
        { name: "vCPUs", value: String(cores) },
        { name: "MemoryGB", value: String(memoryGb) },
      ],
    }));
    return { json: { value } };
  },
);

/** Cloud services are no more. */
export const listCloudServiceSkus = operation(
  "Microsoft.Batch/Location_ListSupportedCloudServiceSkus",
  async (context) => {
    knownLocation(context);
    return { json: { value: [] } };
  },
);

function knownLocation({ plane, path }: ArmContext): string {
  const name = locationName(path.locationName ?? "");
  if (name !== undefined && isKnownLocation(name, accountLocations(plane))) return name;
  throw armFault("LocationNotAvailableForResourceType", `'${path.locationName}' is no location.`);
}
