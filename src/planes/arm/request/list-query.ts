/** `$filter` and `$select` of lists within a Batch account. Source: "Pool - List By Batch Account". */
import { compileFilter, type Predicate } from "../../../core/odata/filter-compile.ts";
import { parseFilter } from "../../../core/odata/filter-parse.ts";
import { type Projector, parseSelect } from "../../../core/odata/select.ts";
import type { Query } from "../../../http/query.ts";

/** @param names that the filter may use @throws Fault InvalidQueryParameterValue saying where it is wrong */
export function listFilter(query: Query, names: readonly string[]): Predicate {
  const text = query.get("$filter")?.trim() ?? "";
  return text === "" ? () => true : compileFilter(parseFilter(text, new Set(names)), { ignoreCase: true });
}

/** What names a resource is always there. @throws Fault InvalidQueryParameterValue */
export function listSelect(query: Query): Projector {
  const text = query.get("$select")?.trim() ?? "";
  return text === "" ? (resource) => resource : parseSelect(`id,name,type,etag,${text}`);
}
