/**
 * Every request to Microsoft Graph, in the order in which it is judged: authentication, path, authorization, and only then what
 * the path names and the handler. All that a handler reads or changes is in the tenant of the caller's token.
 */
import { Fault } from "../../core/fault.ts";
import { unexpected } from "../../core/unexpected.ts";
import { answersAnyOrigin } from "../../http/any-origin.ts";
import { ClientGone, type Exchange, type Handler } from "../../http/exchange.ts";
import { graphOperations } from "../../wire/graph/operations.ts";
import { answerBatch, batchVersion } from "./batch.ts";
import { graphOperationHandlers } from "./operations.ts";
import { relatedObjects } from "./relations.ts";
import { auditAtEnd } from "./request/audit.ts";
import { authenticate } from "./request/authenticate.ts";
import { authorize } from "./request/authorize.ts";
import type { GraphContext, GraphPlane } from "./request/context.ts";
import { Deltas } from "./request/delta.ts";
import { replyFault, replySuccess } from "./request/envelope.ts";
import { routeFind } from "./request/route.ts";
import { isUserInfo, replyUserInfo } from "./user-info.ts";

export type { GraphPlane } from "./request/context.ts";

/** What a page's scripts may read of a reply besides the few headers that every script may. */
const EXPOSED = [
  "request-id",
  "client-request-id",
  "ETag",
  "Location",
  "Retry-After",
  "OData-Version",
  "WWW-Authenticate",
];

export function graphPlane(plane: GraphPlane): Handler {
  const deltas = new Deltas();
  return async (exchange) => {
    if (answersAnyOrigin(exchange, EXPOSED)) return;
    await answered(plane, deltas, exchange);
  };
}

async function answered(plane: GraphPlane, deltas: Deltas, exchange: Exchange): Promise<void> {
  try {
    await answer(plane, deltas, exchange);
  } catch (error) {
    if (!(error instanceof ClientGone)) refuse(plane, exchange, error);
  }
}

async function answer(plane: GraphPlane, deltas: Deltas, exchange: Exchange): Promise<void> {
  if (isUserInfo(exchange)) return replyUserInfo(plane, exchange);
  const caller = await authenticate(plane, exchange);
  const batch = batchVersion(exchange);
  if (batch !== undefined) {
    const json = await answerBatch(exchange, batch, (inner) => answered(plane, deltas, inner));
    return replySuccess(exchange, 200, { json });
  }
  // Clients join addresses with a slash too many.
  const segments = exchange.segments.filter((segment) => segment !== "");
  const { id, version, path, modifiers } = routeFind(exchange.method, segments);
  auditAtEnd(plane, exchange, caller, id);
  authorize(id, caller, path);
  const handler = graphOperationHandlers.get(id);
  if (!handler) throw new Fault("NotImplemented", `The operation ${id} is not built yet.`, { status: 501 });
  const context: GraphContext = {
    plane,
    exchange,
    caller,
    tenantId: caller.tenantId,
    version,
    path,
    modifiers,
    deltas,
    related: (of, relation) => relatedObjects(context, of, relation),
  };
  replySuccess(exchange, graphOperations[id].success, await handler.handle(context));
}

function refuse(plane: GraphPlane, exchange: Exchange, error: unknown): void {
  if (error instanceof Fault) {
    replyFault(exchange, error, plane.clock());
    return;
  }
  plane.log(`graph ${exchange.id} ${exchange.method}: ${unexpected(error)}`);
  const fault = new Fault("InternalServerError", `Request ${exchange.id} failed; the log says why.`, {
    status: 500,
  });
  if (exchange.response.headersSent) exchange.response.destroy();
  else replyFault(exchange, fault, plane.clock());
}
