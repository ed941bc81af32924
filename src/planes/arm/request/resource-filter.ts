/**
 * The `$filter` of resource and resource group lists. Sources: "Resources - List", "Resource Groups - List": properties compare without
 * case; `tagName` and `tagValue` speak of one tag.
 */

import { Fault } from "../../../core/fault.ts";
import type { Tags } from "../../../core/management/tags.ts";
import { compileFilter } from "../../../core/odata/filter-compile.ts";
import { parseFilter } from "../../../core/odata/filter-parse.ts";
import type { Query } from "../../../http/query.ts";
import { armFault } from "./arm-fault.ts";

export interface Filterable {
  readonly tags: Tags;
  /** What else the filter may name. */
  readonly properties: Readonly<Record<string, string>>;
}

/** @param names of the properties beside the tag's @throws Fault InvalidFilterInQueryString saying where it is wrong */
export function resourceFilter(query: Query, names: readonly string[]): (item: Filterable) => boolean {
  const text = query.get("$filter")?.trim() ?? "";
  if (text === "") return () => true;
  const matches = predicate(text, names);
  return ({ tags, properties }) => {
    const candidates = [properties, ...Object.entries(tags).map(tagged(properties))];
    return candidates.some(matches);
  };
}

const tagged =
  (properties: Filterable["properties"]) =>
  ([tagName, tagValue]: [string, string]) => ({ ...properties, tagName, tagValue });

/** Clients write `tagname`: names compare without case here, outside of what stands in quotes. */
function spelled(text: string, known: readonly string[]): string {
  return text
    .split("'")
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/[a-z]+/gi, (word) => nameOf(word, known))))
    .join("'");
}

const nameOf = (word: string, known: readonly string[]): string =>
  known.find((name) => name.toLowerCase() === word.toLowerCase()) ?? word;

function predicate(text: string, names: readonly string[]): (entity: unknown) => boolean {
  const known = [...names, "tagName", "tagValue"];
  try {
    return compileFilter(parseFilter(spelled(text, known), new Set(known)), { ignoreCase: true });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const reason = error.values.find(({ key }) => key === "Reason")?.value ?? error.message;
    throw armFault(
      "InvalidFilterInQueryString",
      `The $filter '${text.slice(0, 256)}' is not understood: ${reason}`,
    );
  }
}
