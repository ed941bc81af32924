/** The names of locations: clients write `West Europe` as well as `westeurope`. Known are Azure's regions, the documentation's
 * own, and those in which something stands already. */
import { LOCATION_PATTERN } from "../../wire/arm/limits.ts";
import { DOCUMENTED_LOCATION, REGIONS } from "../../wire/arm/regions.ts";
import { Fault } from "../fault.ts";
import { type JsonObject, optionalText } from "./json-body.ts";

/** Lower case, without spaces; undefined for what can be no location. */
export function locationName(text: string): string | undefined {
  const name = text.replaceAll(" ", "").toLowerCase();
  return LOCATION_PATTERN.test(name) ? name : undefined;
}

/**
 * @param type of what is to stand there, for the message; a resource group has words of its own
 * @param more that are known beside Azure's regions
 * @throws Fault LocationRequired, LocationNotAvailableForResourceType, LocationNotAvailableForResourceGroup
 */
export function requiredLocation(body: JsonObject, type: string, more: readonly string[]): string {
  const text = optionalText(body, "location");
  if (text === undefined || text === "") {
    throw new Fault("LocationRequired", "The property 'location' is required.", { status: 400 });
  }
  const name = locationName(text);
  if (name !== undefined && isKnownLocation(name, more)) return name;
  const known = [...new Set([...more, ...NAMES])].sort().join(",");
  const given = `The provided location '${text.slice(0, 64)}' is not available for`;
  throw type === RESOURCE_GROUP_TYPE
    ? new Fault(
        "LocationNotAvailableForResourceGroup",
        `${given} resource group. List of available regions is '${known}'.`,
        { status: 400 },
      )
    : new Fault(
        "LocationNotAvailableForResourceType",
        `${given} resource type '${type}'. List of available regions for the resource type is '${known}'.`,
        { status: 400 },
      );
}

export const RESOURCE_GROUP_TYPE = "Microsoft.Resources/resourceGroups";

const NAMES: readonly string[] = [...REGIONS.map(({ name }) => name), DOCUMENTED_LOCATION];
const KNOWN = new Set(NAMES);

/** @param name as `locationName` gives it */
export function isKnownLocation(name: string, more: readonly string[]): boolean {
  return KNOWN.has(name) || more.includes(name);
}
