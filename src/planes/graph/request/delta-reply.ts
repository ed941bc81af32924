/** A page of a delta query. */
import type { Projector } from "../../../core/odata/select.ts";
import { decodeSkipToken, encodeSkipToken } from "../../../http/paging.ts";
import type { GraphContext, GraphReply } from "./context.ts";
import type { EntitySet, GraphEntity } from "./entity-set.ts";
import { versionUrl } from "./envelope.ts";
import { badQuery } from "./query-fault.ts";

const PAGE_SIZE = 100;

/** @throws Fault BadRequest, syncStateNotFound */
export function deltaReply(
  context: GraphContext,
  set: EntitySet,
  items: readonly GraphEntity[],
  project: Projector,
): GraphReply {
  const { exchange, tenantId, deltas } = context;
  const { query } = exchange;
  const page = query.get("$skiptoken");
  const [token, start] = page === undefined ? [undefined, 0] : (decodeSkipToken(page) ?? []);
  if (page !== undefined && (typeof token !== "string" || typeof start !== "number"))
    throw badQuery("The $skiptoken is not one of ours.");
  const since = query.get("$deltatoken");
  const delta =
    typeof token === "string"
      ? deltas.resume(tenantId, set.name, token)
      : deltas.begin(tenantId, set.name, items, since === "latest" ? undefined : since);
  const from = Number(start ?? 0);
  const byId = new Map(items.map((item) => [item.id, item]));
  const entries = since === "latest" ? [] : [...delta.changed, ...delta.removed];
  const value = entries.slice(from, from + PAGE_SIZE).map((id) => {
    const item = byId.get(id);
    return item ? project(item) : { id, "@removed": { reason: "changed" } };
  });
  const address = `${versionUrl(exchange)}/${set.name}/delta()`;
  const isLast = from + PAGE_SIZE >= entries.length;
  const selected = query.get("$select");
  const options = selected === undefined ? "" : `&$select=${encodeURIComponent(selected)}`;
  return {
    json: {
      "@odata.context": `${versionUrl(exchange)}/$metadata#${set.name}`,
      ...(isLast
        ? { "@odata.deltaLink": `${address}?$deltatoken=${delta.token}${options}` }
        : {
            "@odata.nextLink": `${address}?$skiptoken=${encodeSkipToken([delta.token, from + PAGE_SIZE])}${options}`,
          }),
      value,
    },
  };
}
