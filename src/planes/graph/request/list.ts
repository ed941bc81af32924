/**
 * Collections and single objects as Graph gives them: `$filter`, `$select`, `$top`, `$count`, continuation. A filter that asks for no
 * key (`candidates.ts`) looks at all there is.
 */
import { Fault } from "../../../core/fault.ts";
import { compileFilter, type Predicate } from "../../../core/odata/filter-compile.ts";
import type { Filter } from "../../../core/odata/filter-expression.ts";
import { parseFilter } from "../../../core/odata/filter-parse.ts";
import { type Projector, parseSelect } from "../../../core/odata/select.ts";
import { decodeSkipToken, nextLink } from "../../../http/paging.ts";
import type { GraphContext, GraphReply } from "./context.ts";
import { versionUrl } from "./envelope.ts";

export interface GraphEntity {
  readonly id: string;
}

export interface EntitySet {
  /** As it stands in `@odata.context`: `users`. */
  readonly name: string;
  /** Properties that a filter may name; `x/any` for those of a list's elements. */
  readonly filterable: ReadonlySet<string>;
  /** What is sent where nothing is selected; absent: everything. */
  readonly shownByDefault?: ReadonlySet<string>;
}

const PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 999;
const LIST_PARAMETERS = ["$filter", "$select", "$top", "$count", "$skiptoken"];

/**
 * @param items all there are
 * @param complete adds to an item of the page what no filter asks for
 */
export async function listReply<Item extends GraphEntity>(
  context: GraphContext,
  set: EntitySet,
  items: readonly Item[],
  complete: (item: Item) => object | Promise<object> = (item) => item,
): Promise<GraphReply> {
  const { exchange } = context;
  checkParameters(context, LIST_PARAMETERS);
  const matches = filterOf(context, set);
  const found = items.filter(matches).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const { page, last } = pageOf(context, found);
  const project = projectorOf(context, set);
  const value = (await Promise.all(page.map(complete))).map((item) => project(item));
  return {
    json: {
      "@odata.context": `${versionUrl(exchange)}/$metadata#${set.name}`,
      ...(exchange.query.get("$count")?.toLowerCase() === "true" && { "@odata.count": found.length }),
      ...(last !== undefined && { "@odata.nextLink": nextLink(exchange, "$skiptoken", [last]) }),
      value,
    },
  };
}

export function objectReply(context: GraphContext, set: EntitySet, item: GraphEntity): GraphReply {
  checkParameters(context, ["$select"]);
  const project = projectorOf(context, set);
  return { json: { ...entityContext(context, set), ...project(item) } };
}

/** What was made: all of it, and where it is, which is below what was posted to. */
export function createdReply(context: GraphContext, set: EntitySet, item: GraphEntity): GraphReply {
  const [, ...collection] = context.exchange.segments;
  const location = [...collection, item.id].map((segment) => `/${encodeURIComponent(segment)}`).join("");
  return { json: { ...entityContext(context, set), ...item }, location };
}

const entityContext = ({ exchange }: GraphContext, { name }: EntitySet) => ({
  "@odata.context": `${versionUrl(exchange)}/$metadata#${name}/$entity`,
});

function checkParameters({ exchange: { query } }: GraphContext, known: readonly string[]): void {
  const twice = query.duplicated();
  if (twice !== undefined) throw badQuery(`The query parameter '${twice.slice(0, 40)}' is given twice.`);
  const unknown = query.names().find((name) => name.startsWith("$") && !known.includes(name));
  if (unknown !== undefined)
    throw badQuery(`The query parameter '${unknown.slice(0, 40)}' is not supported here.`);
}

/** @returns undefined where there is none. @throws Fault BadRequest */
export function parsedFilter({ exchange }: GraphContext, { filterable }: EntitySet): Filter | undefined {
  const text = exchange.query.get("$filter")?.trim();
  if (text === undefined || text === "") return undefined;
  return saying("Invalid filter clause", () => parseFilter(text, filterable));
}

function filterOf(context: GraphContext, set: EntitySet): Predicate {
  const filter = parsedFilter(context, set);
  return filter === undefined ? () => true : compileFilter(filter, { ignoreCase: true });
}

function projectorOf({ exchange }: GraphContext, { shownByDefault }: EntitySet): Projector {
  const text = exchange.query.get("$select")?.trim();
  // A property that Graph has and this service has not is left out, as one without a value is.
  if (text) return saying("Invalid $select", () => parseSelect(text));
  if (shownByDefault === undefined) return (item) => item;
  return parseSelect([...shownByDefault].join(","));
}

function pageOf<Item extends GraphEntity>(
  { exchange: { query } }: GraphContext,
  items: readonly Item[],
): { readonly page: readonly Item[]; readonly last?: string } {
  const top = query.get("$top");
  const size = top === undefined ? PAGE_SIZE : Number(top);
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE_SIZE)
    throw badQuery(`$top must be an integer from 1 to ${MAX_PAGE_SIZE}.`);
  const token = query.get("$skiptoken");
  const [after] = token === undefined ? [""] : (decodeSkipToken(token) ?? []);
  if (typeof after !== "string") throw badQuery("The $skiptoken is not one of ours.");
  const start = items.findIndex(({ id }) => id > after);
  const page = start < 0 ? [] : items.slice(start, start + size);
  const last = page.at(-1)?.id;
  return last === undefined || start + size >= items.length ? { page } : { page, last };
}

/** The filter engine speaks the Batch service's words. */
function saying<Result>(what: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const reason = error.values.find(({ key }) => key === "Reason")?.value ?? error.message;
    throw badQuery(`${what}: ${reason}`);
  }
}

const badQuery = (message: string) => new Fault("BadRequest", message, { status: 400 });
