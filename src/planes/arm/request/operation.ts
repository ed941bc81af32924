/** Ties a handler to its row of the generated table. A resource's file exports these; `operations.ts` gathers them. */

import { decodeSkipToken, nextLink } from "../../../http/paging.ts";
import type { ArmOperationId } from "../../../wire/arm/operations.ts";
import { armFault } from "./arm-fault.ts";
import type { ArmContext, ArmHandler } from "./context.ts";

export interface ArmOperationHandler {
  readonly id: ArmOperationId;
  readonly handle: ArmHandler;
  /** The reply leaves out what the caller may not read. */
  readonly isFiltered: boolean;
}

export function operation(id: ArmOperationId, handle: ArmHandler): ArmOperationHandler {
  return { id, handle, isFiltered: false };
}

/** The same requests under another name in the descriptions: the router gives them to the row that spells the path out. */
export function alias(id: ArmOperationId, { handle, isFiltered }: ArmOperationHandler): ArmOperationHandler {
  return { id, handle, isFiltered };
}

export interface FilteredList<Item> {
  readonly fetch: (context: ArmContext) => Promise<readonly Item[]>;
  /** Where the item stands, which is where reading it is decided. Also its place in the list. */
  readonly scopeOf: (item: Item) => string;
  /** What the request's `$filter` takes; all when absent. */
  readonly filter?: (context: ArmContext) => (item: Item) => boolean;
  readonly view: (item: Item, context: ArmContext) => object;
}

/** A list of resources. Like the real service, it shows a caller with a role on only some of them just those. */
export function filteredList<Item>(
  id: ArmOperationId,
  { fetch, scopeOf, filter, view }: FilteredList<Item>,
): ArmOperationHandler {
  const handle: ArmHandler = async (context) => {
    const isWanted = filter?.(context) ?? (() => true);
    const items = (await fetch(context)).filter((item) => context.allowedAt(scopeOf(item)) && isWanted(item));
    const { page, next } = pageOf(items, scopeOf, context);
    const value = page.map((item) => view(item, context));
    return { json: { value, ...(next !== undefined && { nextLink: next }) } };
  };
  return { id, handle, isFiltered: true };
}

/** All, or the `$top` (`maxresults`) first after the `$skiptoken`. */
function pageOf<Item>(
  items: readonly Item[],
  scopeOf: (item: Item) => string,
  { exchange }: ArmContext,
): { readonly page: readonly Item[]; readonly next?: string } {
  // Batch's lists have a name of their own for it.
  const top = exchange.query.get("$top") ?? exchange.query.get("maxresults");
  const token = exchange.query.get("$skiptoken");
  if (top === undefined && token === undefined) return { page: items };
  const limit = top === undefined ? items.length : Number(top);
  if (!Number.isInteger(limit) || (top !== undefined && limit < 1)) {
    throw armFault("InvalidQueryParameter", "$top or maxresults must be a positive integer.");
  }
  const [after] = token === undefined ? [""] : (decodeSkipToken(token) ?? []);
  if (typeof after !== "string") throw armFault("InvalidQueryParameter", "The $skiptoken is not ours.");
  const start = after === "" ? 0 : items.findIndex((item) => scopeOf(item) === after) + 1;
  const page = items.slice(start, start + limit);
  const last = page.at(-1);
  const isLast = start + limit >= items.length || last === undefined;
  return isLast ? { page } : { page, next: nextLink(exchange, "$skiptoken", [scopeOf(last)]) };
}
