/**
 * What a list's filter can be about at all. Clients mostly ask for one object by a key; that must not cost a look at all the others. The
 * filter is applied to what comes back in any case.
 */
import { Fault } from "../../../core/fault.ts";
import type { Expression } from "../../../core/odata/filter-expression.ts";
import type { GraphContext } from "./context.ts";
import { type EntitySet, parsedFilter } from "./list.ts";

/** Finds what has this value, in any case. @throws Fault Request_ResourceNotFound where nothing has it */
type Find<Item> = (value: string) => Promise<Item>;

/**
 * @param keys by property that at most one object has a value of, `x/any` for those of a list's elements
 * @returns undefined where the filter asks for none of them
 * @throws Fault BadRequest for a filter that is none
 */
export async function candidates<Item>(
  context: GraphContext,
  set: EntitySet,
  keys: Readonly<Record<string, Find<Item>>>,
): Promise<readonly Item[] | undefined> {
  const root = parsedFilter(context, set)?.root;
  for (const conjunct of root?.kind === "and" ? root.operands : root === undefined ? [] : [root]) {
    const demand = demandOf(conjunct);
    const find = demand && Object.hasOwn(keys, demand.property) ? keys[demand.property] : undefined;
    if (demand !== undefined && find !== undefined) return found(find, demand.value);
  }
  return undefined;
}

async function found<Item>(find: Find<Item>, value: string): Promise<readonly Item[]> {
  try {
    return [await find(value)];
  } catch (error) {
    if (error instanceof Fault && error.code === "Request_ResourceNotFound") return [];
    throw error;
  }
}

/** `property eq 'value'`, or the same of a list's element. */
function demandOf(expression: Expression): { readonly property: string; readonly value: string } | undefined {
  if (expression.kind === "any") {
    const inner = demandOf(expression.condition);
    return inner?.property === expression.variable
      ? { property: `${expression.name}/any`, value: inner.value }
      : undefined;
  }
  if (expression.kind !== "comparison" || expression.operator !== "eq") return undefined;
  const { left, right } = expression;
  if (left.kind !== "property" || right.kind !== "literal" || typeof right.value !== "string")
    return undefined;
  return { property: left.name, value: right.value };
}
