/** Ties a handler to its row of the generated table. A resource's file exports these; `operations.ts` gathers them. */
import type { ArmOperationId } from "../../wire/arm/operations.gen.ts";
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

export interface FilteredList<Item> {
  readonly fetch: (context: ArmContext) => Promise<readonly Item[]>;
  /** Where the item stands, which is where reading it is decided. */
  readonly scopeOf: (item: Item) => string;
  readonly view: (item: Item, context: ArmContext) => object;
}

/** A list of resources. Like the real service, it shows a caller with a role on only some of them just those. */
export function filteredList<Item>(
  id: ArmOperationId,
  { fetch, scopeOf, view }: FilteredList<Item>,
): ArmOperationHandler {
  const handle: ArmHandler = async (context) => {
    const items = await fetch(context);
    const value = items.filter((item) => context.allowedAt(scopeOf(item))).map((item) => view(item, context));
    return { json: { value } };
  };
  return { id, handle, isFiltered: true };
}
