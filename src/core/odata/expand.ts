/** `$expand`: which related data is put into the resource. In Azure Batch that is `stats`, nothing else. */

import { invalidQueryParameter } from "./invalid-query-parameter.ts";
import { propertyList } from "./property-list.ts";

/** The properties to expand. @throws Fault InvalidQueryParameterValue naming one that cannot be. */
export function parseExpand(text: string, allowed: ReadonlySet<string>): ReadonlySet<string> {
  const names = propertyList("$expand", text);
  for (const name of names) {
    if (allowed.has(name)) continue;
    const known = [...allowed].join(", ");
    throw invalidQueryParameter("$expand", text, `'${name}' cannot be expanded; ${known} can`);
  }
  return new Set(names);
}
