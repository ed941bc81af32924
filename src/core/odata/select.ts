/**
 * `$select`: which properties of a resource are sent. Parsed once per request into a projector; a path selects that
 * part of a nested object, in arrays that part of each element, and `*` everything.
 */

import { invalidQueryParameter } from "./invalid-query-parameter.ts";
import { propertyList } from "./property-list.ts";

export type Projector = <Resource extends object>(resource: Resource) => Partial<Resource>;

/** What is wanted of one object: each named property whole, or only a part of it. */
type Selection = Map<string, Selection | "whole">;

/**
 * @param isKnown whether the resource can have a property at a path; without it every path is taken
 * @throws Fault InvalidQueryParameterValue naming the property that is not known.
 */
export function parseSelect(text: string, isKnown: (path: string) => boolean = () => true): Projector {
  const paths = propertyList("$select", text);
  for (const path of paths) {
    if (path !== "*" && !isKnown(path)) {
      throw invalidQueryParameter("$select", text, `There is no property '${path}' to select`);
    }
  }
  if (paths.includes("*")) return (resource) => resource;
  const selection = selectionOf(paths);
  return <Resource extends object>(resource: Resource) => project(resource, selection) as Partial<Resource>;
}

function selectionOf(paths: readonly string[]): Selection {
  const root: Selection = new Map();
  for (const path of paths) {
    let selection = root;
    const names = path.split("/");
    for (const [index, name] of names.entries()) {
      const present = selection.get(name);
      if (present === "whole") break;
      if (index === names.length - 1) {
        selection.set(name, "whole");
        break;
      }
      const inner: Selection = present ?? new Map();
      selection.set(name, inner);
      selection = inner;
    }
  }
  return root;
}

function project(value: unknown, selection: Selection): unknown {
  if (Array.isArray(value)) return value.map((element) => project(element, selection));
  if (typeof value !== "object" || value === null) return value;
  const kept: [string, unknown][] = [];
  for (const [name, inner] of Object.entries(value)) {
    const wanted = selection.get(name);
    if (wanted !== undefined) kept.push([name, wanted === "whole" ? inner : project(inner, wanted)]);
  }
  return Object.fromEntries(kept);
}
