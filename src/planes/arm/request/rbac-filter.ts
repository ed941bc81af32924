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

/** @throws Fault InvalidFilterInQueryString naming the clause that is none of `known` */
export function rbacFilter(query: Query, known: readonly RbacClause[]): RbacFilter {
  const text = query.get("$filter")?.trim() ?? "";
  const filter = new Map<RbacClause, string>();
  if (text === "") return filter;
  // A quote is doubled inside a value, so an even number of quotes follows each `and` that joins.
  for (const part of text.split(/ +and +(?=(?:[^']*'[^']*')*[^']*$)/i)) {
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
