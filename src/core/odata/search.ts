/**
 * Microsoft Graph's `$search`: `"displayName:wor"`, several joined by AND or OR. The value is found where a word of the property begins with it,
 * in any case. Source: "Use the $search query parameter". Pure.
 */

export type SearchPredicate = (entity: Readonly<Record<string, unknown>>) => boolean;

/** Ours: a question is short. */
const MAX_CLAUSES = 20;

/** @returns undefined for a text that is no search, or names a property that is not searched */
export function parseSearch(text: string, searchable: ReadonlySet<string>): SearchPredicate | undefined {
  // What stands in quotes is every second part; between two of them stands what joins them.
  const parts = text.trim().split('"');
  if (parts.length < 3 || parts.length % 2 === 0 || parts.length > 2 * MAX_CLAUSES + 1) return undefined;
  if (parts[0]?.trim() !== "" || parts.at(-1)?.trim() !== "") return undefined;
  const alternatives: SearchPredicate[][] = [[]];
  for (let index = 1; index < parts.length; index += 2) {
    const join = index === 1 ? "AND" : parts[index - 1]?.trim().toUpperCase();
    const clause = clauseOf(parts[index] ?? "", searchable);
    if (clause === undefined || (join !== "AND" && join !== "OR")) return undefined;
    // AND binds more strongly.
    if (join === "OR") alternatives.push([]);
    alternatives.at(-1)?.push(clause);
  }
  return (entity) => alternatives.some((all) => all.every((holds) => holds(entity)));
}

function clauseOf(text: string, searchable: ReadonlySet<string>): SearchPredicate | undefined {
  const colon = text.indexOf(":");
  const [name, value] = [
    text.slice(0, colon).trim(),
    text
      .slice(colon + 1)
      .trim()
      .toLowerCase(),
  ];
  const property = [...searchable].find((known) => known.toLowerCase() === name.toLowerCase());
  if (colon < 0 || property === undefined || value === "") return undefined;
  return (entity) => {
    const found = entity[property];
    return typeof found === "string" && hasWord(found.toLowerCase(), value);
  };
}

function hasWord(text: string, value: string): boolean {
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1))
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? "")) return true;
  return false;
}
