/**
 * The `$filter` of role assignments and role definitions: a few fixed clauses joined by `and`, not OData at large. Sources:
 * "Role Assignments - List For Scope", "Role Definitions - List".
 */
import type { Query } from "../../../http/query.ts";
import { armFault } from "./arm-fault.ts";

/** By the clause's name, with its value; functions without an argument have an empty one. */
export type RbacFilter = ReadonlyMap<RbacClause, string>;

export type RbacClause = "atScope" | "atScopeAndBelow" | "assignedTo" | "principalId" | "roleName" | "type";

const CLAUSES: ReadonlyMap<RbacClause, RegExp> = new Map([
  ["atScope", /^atScope\(\)$/i],
  ["atScopeAndBelow", /^atScopeAndBelow\(\)$/i],
  ["assignedTo", /^assignedTo\('([\w-]+)'\)$/i],
  // The documentation shows the id without quotes; clients send it with.
  ["principalId", /^principalId +eq +'?([\w-]+)'?$/i],
  ["roleName", /^roleName +eq +'((?:[^']|'')*)'$/i],
  ["type", /^type +eq +'(\w+)'$/i],
]);

const CHARACTERS_MAX = 4_096;

/** What stands between the `and`s outside of quotes; a quote is doubled inside a value, so it ends none. */
function clausesOf(text: string): string[] {
  const clauses: string[] = [];
  let words: string[] = [];
  let isQuoted = false;
  for (const word of text.split(" ")) {
    if (!isQuoted && word.toLowerCase() === "and") {
      clauses.push(words.join(" ").trim());
      words = [];
      continue;
    }
    words.push(word);
    if (word.split("'").length % 2 === 0) isQuoted = !isQuoted;
  }
  return [...clauses, words.join(" ").trim()];
}

/** @throws Fault InvalidFilterInQueryString naming the clause that is none of `known` */
export function rbacFilter(query: Query, known: readonly RbacClause[]): RbacFilter {
  const text = query.get("$filter")?.trim() ?? "";
  const filter = new Map<RbacClause, string>();
  if (text === "") return filter;
  if (text.length > CHARACTERS_MAX) {
    throw armFault(
      "InvalidFilterInQueryString",
      `The $filter may have ${CHARACTERS_MAX} characters at the most.`,
    );
  }
  for (const part of clausesOf(text)) {
    const clause = known.find((name) => CLAUSES.get(name)?.test(part));
    if (clause === undefined) {
      throw armFault(
        "InvalidFilterInQueryString",
        `The $filter's clause '${part}' is not understood; known are ${known.join(", ")}.`,
      );
    }
    filter.set(clause, (CLAUSES.get(clause)?.exec(part)?.[1] ?? "").replaceAll("''", "'"));
  }
  return filter;
}
