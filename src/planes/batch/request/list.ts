/**
 * Lists of the data plane: `$filter`, `$select`, `$expand`, `maxresults` and `odata.nextLink` by key, the same for every
 * resource. Rows are read and shown in turns, and a page ends early where its rows are long.
 */
import { elementOf, hasPath } from "../../../core/model/model-paths.ts";
import { projectModel } from "../../../core/model/model-projection.ts";
import { compileFilter } from "../../../core/odata/filter-compile.ts";
import { type FilterConstraint, filterConstraints } from "../../../core/odata/filter-constraints.ts";
import { type FilteredList, parseListFilter } from "../../../core/odata/filter-properties.ts";
import { invalidQueryParameter } from "../../../core/odata/invalid-query-parameter.ts";
import { keyRange } from "../../../core/odata/key-range.ts";
import { propertyList } from "../../../core/odata/property-list.ts";
import { type Projector, parseSelect } from "../../../core/odata/select.ts";
import { decodeSkipToken, nextLink } from "../../../http/paging.ts";
import { Turns } from "../../../http/turns.ts";
import { PAGE_MAX_RESULTS } from "../../../wire/batch/limits.ts";
import type { BatchOperation } from "../../../wire/batch/operation.ts";
import { batchOperations } from "../../../wire/batch/operations.gen.ts";
import type { BatchContext, BatchReply } from "./context.ts";
import { resourceReply } from "./reply.ts";

/** Rows that one request looks at for a rare match before it hands the client a link to go on. */
const MAX_ROWS_PER_REQUEST = 20_000;
const ROWS_PER_READ = 1_000;
/** A row may have a megabyte: so many are read before it is known how long they are. */
const ROWS_OF_FIRST_READ = 20;
/** Characters that one read takes, about; that one page shows; and that one request looks at for a rare match. Ours. */
const READ_CHARACTERS = 2_000_000;
const PAGE_CHARACTERS = 8_000_000;
const LOOKED_CHARACTERS = 64_000_000;

export interface ListSource<Row, Key extends number | string = number> {
  /** Rows in key order, strictly after `after`. Fewer than `limit` means that there are no more. */
  readonly fetch: (
    after: Key,
    limit: number,
    constraints: readonly FilterConstraint[],
  ) => Promise<readonly Row[]>;
  readonly keyOf: (row: Row) => Key;
  /** A key before all others; default 0. */
  readonly first?: Key;
  /** The property whose small letters the key is, under a filter with these constraints: the list is read only where that may match. */
  readonly keyedBy?: (constraints: readonly FilterConstraint[]) => string | undefined;
  /** Rows that callers must not see any more. */
  readonly isHidden?: (row: Row) => boolean;
  readonly view: (row: Row) => object;
  /** The name behind `$metadata#` in `odata.metadata`. */
  readonly collection: string;
}

/** As many as its row says where the request does not: node counts come by ten until an api-version. */
function pageOf({ operation, version }: BatchContext): number {
  const { query }: BatchOperation = batchOperations[operation];
  const { later, default: usual } = query.find(({ name }) => name === "maxresults") ?? {};
  if (later && version >= later.since) return later.max;
  return typeof usual === "number" ? usual : PAGE_MAX_RESULTS;
}

export async function listReply<Row, Key extends number | string = number>(
  context: BatchContext,
  source: ListSource<Row, Key>,
): Promise<BatchReply> {
  const { query, exchange } = context;
  const limit = query.number("maxresults") ?? pageOf(context);
  const filterText = query.text("$filter");
  const filter =
    filterText === undefined ? undefined : parseListFilter(filterText, context.operation as FilteredList);
  // Azure page "Create queries to list Batch resources efficiently": values are compared without case.
  const matches = filter && compileFilter(filter, { ignoreCase: true });
  const constraints = filter ? filterConstraints(filter) : [];
  const keyedBy = source.keyedBy?.(constraints);
  const range = keyedBy === undefined ? undefined : keyRange(constraints, keyedBy);
  const select = selectOf(context);

  const value: object[] = [];
  const turns = new Turns();
  const read = { rows: 0, characters: 0, shown: 0 };
  let after = startKey(context, source.first ?? (0 as Key));
  if (range !== undefined && range.after > String(after)) after = range.after as Key;
  let more = true;
  while (more && value.length < limit && isWithin(read)) {
    const wanted = Math.min(rowsOfRead(read), matches ? ROWS_PER_READ : limit - value.length);
    const rows = await source.fetch(after, wanted, constraints);
    more = rows.length === wanted;
    for (const row of rows) {
      const pause = turns.over();
      if (pause) await pause;
      const characters = charactersOf(row);
      read.rows++;
      read.characters += characters;
      after = source.keyOf(row);
      if (range?.until !== undefined && String(after) >= range.until) {
        more = false;
        break;
      }
      if (source.isHidden?.(row)) continue;
      const resource = source.view(row);
      if (!matches || matches(resource)) {
        value.push(select(resource));
        read.shown += characters;
      }
      if (value.length === limit || read.shown > PAGE_CHARACTERS) {
        more = true;
        break;
      }
    }
  }
  return resourceReply(context, source.collection, {
    value,
    ...(more ? { "odata.nextLink": nextLink(exchange, "$skiptoken", [after]) } : {}),
  });
}

interface RowsRead {
  readonly rows: number;
  readonly characters: number;
  /** Characters of the rows that the page shows. */
  readonly shown: number;
}

const isWithin = ({ rows, characters, shown }: RowsRead): boolean =>
  rows < MAX_ROWS_PER_REQUEST && characters < LOOKED_CHARACTERS && shown <= PAGE_CHARACTERS;

/** So many that a read is no longer than others should wait for, if those to come are as long as those before. */
function rowsOfRead({ rows, characters }: RowsRead): number {
  if (rows === 0) return ROWS_OF_FIRST_READ;
  return Math.max(1, Math.floor(READ_CHARACTERS / Math.max(1, characters / rows)));
}

function charactersOf(row: unknown): number {
  let characters = 0;
  for (const value of Object.values(row as object)) if (typeof value === "string") characters += value.length;
  return characters;
}

/**
 * What `$select` leaves of a resource, in the names of the request's api-version: a reply that is selected from is shown as the version
 * knows it here, and not again when it is sent.
 * @throws Fault InvalidQueryParameterValue naming what the version does not know
 */
export function selectOf({ query, operation, version }: BatchContext): Projector {
  const text = query.text("$select");
  if (text === undefined) return (resource) => resource;
  const { response }: BatchOperation = batchOperations[operation];
  if (response === undefined) return parseSelect(text);
  const model = elementOf(response, version);
  const select = parseSelect(text, (path) => hasPath(model, version, path));
  return (resource) => select(projectModel(model, version, resource));
}

/** Whether the reply shows something of a property, which has one name in all versions. */
export function isSelected({ query }: BatchContext, property: string): boolean {
  const text = query.text("$select");
  if (text === undefined) return true;
  return propertyList("$select", text).some((path) => path === "*" || path.split("/")[0] === property);
}

function startKey<Key extends number | string>({ query }: BatchContext, first: Key): Key {
  const token = query.text("$skiptoken");
  if (token === undefined) return first;
  const key = decodeSkipToken(token)?.[0];
  if (typeof key !== typeof first)
    throw invalidQueryParameter("$skiptoken", token, "It is not a token of this service");
  return key as Key;
}

/** The state that every match of the filter has, where it names one. */
export function stateOf(constraints: readonly FilterConstraint[]): string | undefined {
  for (const constraint of constraints) {
    if (constraint.property === "state" && constraint.op === "eq")
      return String(constraint.value).toLowerCase();
  }
  return undefined;
}
