/** The locations that there are: Azure's regions, the documentation's own, and those in which an account of this installation stands. */

import { DOCUMENTED_LOCATION, REGIONS, type Region } from "../../wire/arm/regions.ts";
import type { Management } from "./management.ts";

/** The locations of accounts, which a seed may have put anywhere. */
export function accountLocations({ accounts }: Pick<Management, "accounts">): string[] {
  return accounts.all.map(({ handle }) => handle.location);
}

/** By name. */
export function locationList(management: Pick<Management, "accounts">): Region[] {
  const own = [DOCUMENTED_LOCATION, ...accountLocations(management)];
  const names = new Set(REGIONS.map(({ name }) => name));
  const others = [...new Set(own)].filter((name) => !names.has(name));
  const regions = [
    ...REGIONS,
    ...others.map((name) => ({ name, displayName: name, geographyGroup: "Other" })),
  ];
  return regions.sort((a, b) => (a.name < b.name ? -1 : 1));
}
