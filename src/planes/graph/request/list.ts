/**
 * Collections and single objects as Graph gives them: `$filter`, `$search`, `$orderby`, `$select`, `$expand`, `$top`, `$count`, continuation, and
 * what a path's last segments may ask of a collection. A filter that asks for no key (`candidates.ts`) looks at all there is.
 */
import { Fault } from "../../../core/fault.ts";
import { compileFilter, type Predicate } from "../../../core/odata/filter-compile.ts";
import type { Filter } from "../../../core/odata/filter-expression.ts";
import { parseFilter } from "../../../core/odata/filter-parse.ts";
import { parseSearch } from "../../../core/odata/search.ts";
import { type Projector, parseSelect } from "../../../core/odata/select.ts";
import { decodeSkipToken, nextLink } from "../../../http/paging.ts";
import { RELATIONS } from "../../../wire/graph/mechanics.ts";
import { allOf, type Collection, isCollection, matching } from "./collection.ts";
import type { GraphContext, GraphReply } from "./context.ts";
import { deltaReply } from "./delta-reply.ts";
import type { EntitySet, GraphEntity } from "./entity-set.ts";
import { versionUrl } from "./envelope.ts";
import { badQuery } from "./query-fault.ts";

export type { EntitySet, GraphEntity } from "./entity-set.ts";

const PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 999;
/** Of objects shown with another one. */
const EXPANDED_MAX = 20;
const LIST_PARAMETERS = [
  ..."$filter $select $top $count $skiptoken $orderby $search $expand $format".split(" "),
];

/**
 * @param items all there are, or where they are read as they are needed
 * @param complete adds to an item of the page what no filter asks for
 */
export async function listReply<Item extends GraphEntity>(
  context: GraphContext,
  set: EntitySet,
  items: readonly Item[] | Collection<Item>,
  complete: (item: Item) => object | Promise<object> = (item) => item,
): Promise<GraphReply> {
  const { exchange, modifiers } = context;
  if (modifiers.isDelta) return deltaReply(context, set, await allOf(items), projectorOf(context, set));
  checkParameters(context, LIST_PARAMETERS);
  const matches = [filterOf(context, set), searchOf(context, set), castPredicate(modifiers.cast)].flatMap(
    (match) => match ?? [],
  );
  const { page, last, count } = await found(context, set, items, matches);
  if (modifiers.isCount) return { text: String(count) };
  const relations = relationsOf(context, set);
  const project = projectorOf(context, set, relations);
  const value = modifiers.isReferences
    ? page.map(({ id }) => ({ "@odata.id": `${versionUrl(exchange)}/directoryObjects/${id}` }))
    : await Promise.all(
        page.map(async (item) =>
          project({ ...(await complete(item)), ...(await related(context, item.id, relations)) }),
        ),
      );
  return {
    json: {
      "@odata.context": `${versionUrl(exchange)}/$metadata#${modifiers.isReferences ? "Collection($ref)" : set.name}`,
      ...(exchange.query.get("$count")?.toLowerCase() === "true" && { "@odata.count": count }),
      ...(last !== undefined && { "@odata.nextLink": nextLink(exchange, "$skiptoken", [last]) }),
      value,
    },
  };
}

export async function objectReply(
  context: GraphContext,
  set: EntitySet,
  item: GraphEntity,
): Promise<GraphReply> {
  checkParameters(context, ["$select", "$expand", "$format"]);
  const relations = relationsOf(context, set);
  const project = projectorOf(context, set, relations);
  const whole = { ...item, ...(await related(context, item.id, relations)) };
  return { json: { ...entityContext(context, set), ...project(whole) } };
}

/** What was made: all of it, and where it is, which is below what was posted to. */
export function createdReply(context: GraphContext, set: EntitySet, item: GraphEntity): GraphReply {
  const [, ...collection] = context.exchange.segments.filter((segment) => segment !== "");
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

/** @returns undefined where all match, as the two below do */
function filterOf(context: GraphContext, set: EntitySet): Predicate | undefined {
  const filter = parsedFilter(context, set);
  return filter && compileFilter(filter, { ignoreCase: true });
}

const SEARCHABLE = new Set(["displayName", "description", "mail", "mailNickname", "userPrincipalName"]);

type Match = (item: GraphEntity) => boolean;

function searchOf({ exchange }: GraphContext, { filterable }: EntitySet): Match | undefined {
  const text = exchange.query.get("$search");
  if (text === undefined) return undefined;
  if (String(exchange.headers.consistencylevel ?? "").toLowerCase() !== "eventual")
    throw badQuery(
      "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
    );
  const names = new Set([...SEARCHABLE].filter((name) => filterable.has(name)));
  const matches = parseSearch(text, names);
  if (matches === undefined)
    throw badQuery(`Invalid $search: "property:value" of ${[...names].join(", ")}, joined by AND or OR.`);
  return (item) => matches(item as GraphEntity & Record<string, unknown>);
}

function castPredicate(cast: string | undefined): Match | undefined {
  if (cast === undefined || cast === "#microsoft.graph.directoryObject") return undefined;
  return (item) => (item as { readonly "@odata.type"?: string })["@odata.type"] === cast;
}

interface Found<Item> {
  readonly page: readonly Item[];
  /** The id of the page's last one, where others follow. */
  readonly last?: string | undefined;
  /** Of all that match; only where it is asked for, or known. */
  readonly count?: number;
}

/** What is not sorted is read from where the page begins until it is full; a count is the table's own, or that of all that match. */
async function found<Item extends GraphEntity>(
  context: GraphContext,
  set: EntitySet,
  items: readonly Item[] | Collection<Item>,
  matches: readonly ((item: Item) => boolean)[],
): Promise<Found<Item>> {
  const { exchange, modifiers } = context;
  const isMatch = (item: Item) => matches.every((match) => match(item));
  const isSorted = Boolean(exchange.query.get("$orderby")?.trim());
  if (!isCollection(items) || (isSorted && !modifiers.isCount)) {
    const all = ordered(context, set, (await allOf(items)).filter(isMatch));
    return { ...pageOf(context, all), count: all.length };
  }
  const count = countOf(context, items, matches.length === 0, isMatch);
  if (modifiers.isCount) return { page: [], count: (await count) ?? 0 };
  const { size, after } = pageAsked(context);
  const page: Item[] = [];
  // One more than is shown tells whether there are others.
  const step = matches.length === 0 ? size + 1 : undefined;
  for await (const item of matching(items, after, isMatch, step)) {
    page.push(item);
    if (page.length > size) break;
  }
  const last = page.length > size ? page[size - 1]?.id : undefined;
  return { page: page.slice(0, size), last, count: (await count) ?? 0 };
}

async function countOf<Item extends GraphEntity>(
  { exchange, modifiers }: GraphContext,
  items: Collection<Item>,
  isWhole: boolean,
  isMatch: (item: Item) => boolean,
): Promise<number | undefined> {
  if (!modifiers.isCount && exchange.query.get("$count")?.toLowerCase() !== "true") return undefined;
  if (isWhole) return items.count();
  let count = 0;
  for await (const _ of matching(items, "", isMatch)) count++;
  return count;
}

/** By id, unless another order is asked for; equal ones by id. */
function ordered<Item extends GraphEntity>(
  { exchange }: GraphContext,
  { filterable }: EntitySet,
  items: readonly Item[],
): readonly Item[] {
  const byId = (a: Item, b: Item) => (a.id < b.id ? -1 : 1);
  const text = exchange.query.get("$orderby")?.trim();
  if (!text) return items.toSorted(byId);
  const keys = text.split(",").map((part) => {
    const [name = "", direction = "asc", ...more] = part.trim().split(/\s+/);
    const known = [...filterable].find((each) => each.toLowerCase() === name.toLowerCase());
    if (known === undefined || known.endsWith("/any") || !/^(asc|desc)$/i.test(direction) || more.length > 0)
      throw badQuery(`Invalid $orderby: '${part.slice(0, 60)}'.`);
    return { name: known, sign: direction.toLowerCase() === "desc" ? -1 : 1 };
  });
  return items.toSorted((a, b) => {
    for (const { name, sign } of keys) {
      const [one, other] = [sortKey(a, name), sortKey(b, name)];
      if (one !== other) return one < other ? -sign : sign;
    }
    return byId(a, b);
  });
}

const sortKey = (item: GraphEntity, name: string): string =>
  String((item as GraphEntity & Record<string, unknown>)[name] ?? "").toLowerCase();

/** What `$expand` names, its own options left aside. */
function relationsOf({ exchange }: GraphContext, { name }: EntitySet): readonly string[] {
  const text = exchange.query.get("$expand")?.trim();
  if (!text) return [];
  const known: readonly string[] = Object.hasOwn(RELATIONS, name)
    ? RELATIONS[name as keyof typeof RELATIONS]
    : [];
  return text
    .replace(/\([^()]*\)/g, "")
    .split(",")
    .map((part) => {
      const relation = known.find((each) => each.toLowerCase() === part.trim().toLowerCase());
      if (relation !== undefined) return relation;
      throw badQuery(
        `Invalid $expand: '${part.slice(0, 40)}' is no relation of ${name} that is served; ${known.join(", ") || "none"} can be expanded.`,
      );
    });
}

async function related(
  context: GraphContext,
  id: string,
  relations: readonly string[],
): Promise<Readonly<Record<string, readonly object[]>>> {
  const shown = await Promise.all(
    relations.map(
      async (relation) => [relation, (await context.related(id, relation)).slice(0, EXPANDED_MAX)] as const,
    ),
  );
  return Object.fromEntries(shown);
}

function projectorOf(
  { exchange }: GraphContext,
  { shownByDefault }: EntitySet,
  relations: readonly string[] = [],
): Projector {
  const text = exchange.query.get("$select")?.trim();
  const type = "@odata.type";
  // A property that Graph has and this service has not is left out, as one without a value is.
  const project: Projector = text
    ? saying("Invalid $select", () => parseSelect([text, ...relations].join(",")))
    : shownByDefault === undefined
      ? (item) => item
      : parseSelect([...shownByDefault, ...relations].join(","));
  return (item) => ({ ...(type in item && { [type]: item[type as never] }), ...project(item) });
}

function pageOf<Item extends GraphEntity>(context: GraphContext, items: readonly Item[]): Found<Item> {
  const { size, after } = pageAsked(context);
  const start = startAfter(items, after, context.exchange.query.get("$orderby") !== undefined);
  const page = start < 0 ? [] : items.slice(start, start + size);
  const last = page.at(-1)?.id;
  return last === undefined || start + size >= items.length ? { page } : { page, last };
}

function pageAsked({ exchange: { query } }: GraphContext): { readonly size: number; readonly after: string } {
  const top = query.get("$top");
  const size = top === undefined ? PAGE_SIZE : Number(top);
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE_SIZE)
    throw badQuery(`$top must be an integer from 1 to ${MAX_PAGE_SIZE}.`);
  const token = query.get("$skiptoken");
  const [after] = token === undefined ? [""] : (decodeSkipToken(token) ?? []);
  if (typeof after !== "string") throw badQuery("The $skiptoken is not one of ours.");
  return { size, after };
}

function startAfter(items: readonly GraphEntity[], after: string, isOrdered: boolean): number {
  if (!isOrdered) return items.findIndex(({ id }) => id > after);
  if (after === "") return 0;
  const last = items.findIndex(({ id }) => id === after);
  return last < 0 ? -1 : last + 1;
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
