/** The names of locations: clients write `West Europe` as well as `westeurope`. Any name is a location here. */
import { LOCATION_PATTERN } from "../../wire/arm/limits.ts";
import { Fault } from "../fault.ts";
import { type JsonObject, optionalText } from "./json-body.ts";

/** Lower case, without spaces; undefined for what can be no location. */
export function locationName(text: string): string | undefined {
  const name = text.replaceAll(" ", "").toLowerCase();
  return LOCATION_PATTERN.test(name) ? name : undefined;
}

/** @throws Fault LocationRequired, LocationNotAvailableForResourceType */
export function requiredLocation(body: JsonObject): string {
  const text = optionalText(body, "location");
  if (text === undefined || text === "") {
    throw new Fault("LocationRequired", "The property 'location' is required.", { status: 400 });
  }
  const name = locationName(text);
  if (name !== undefined) return name;
  throw new Fault(
    "LocationNotAvailableForResourceType",
    `'${text.slice(0, 64)}' is no location: letters and digits make one.`,
    { status: 400 },
  );
}
