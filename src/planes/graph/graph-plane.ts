/**
 * Every request to Microsoft Graph, in the order in which it is judged: authentication, path, authorization, and only then what
 * the path names and the handler. All that a handler reads or changes is in the tenant of the caller's token.
 */
import { Fault } from "../../core/fault.ts";
import { unexpected } from "../../core/unexpected.ts";
import { answersAnyOrigin } from "../../http/any-origin.ts";
import { ClientGone, type Exchange, type Handler } from "../../http/exchange.ts";
import { graphOperations } from "../../wire/graph/operations.ts";
import { graphOperationHandlers } from "./operations.ts";
import { auditAtEnd } from "./request/audit.ts";
import { authenticate } from "./request/authenticate.ts";
import { authorize } from "./request/authorize.ts";
import type { GraphPlane } from "./request/context.ts";
import { replyFault, replySuccess } from "./request/envelope.ts";
import { routeFind } from "./request/route.ts";

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
  return async (exchange) => {
    if (answersAnyOrigin(exchange, EXPOSED)) return;
    try {
      await answer(plane, exchange);
    } catch (error) {
      if (!(error instanceof ClientGone)) refuse(plane, exchange, error);
    }
  };
}

async function answer(plane: GraphPlane, exchange: Exchange): Promise<void> {
  const caller = await authenticate(plane, exchange);
  const { id, version, path } = routeFind(exchange.method, exchange.segments);
  auditAtEnd(plane, exchange, caller, id);
  authorize(id, caller, path);
  const handler = graphOperationHandlers.get(id);
  if (!handler) throw new Fault("NotImplemented", `The operation ${id} is not built yet.`, { status: 501 });
  const context = { plane, exchange, caller, tenantId: caller.tenantId, version, path };
  const { json, location } = await handler.handle(context);
  replySuccess(exchange, graphOperations[id].success, json, location);
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
