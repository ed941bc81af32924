/** Tells the audit log of every change of the directory and of every denial, once the reply's status is known. */
import type { Exchange } from "../../../http/exchange.ts";
import { type GraphOperationId, graphOperations } from "../../../wire/graph/operations.ts";
import type { Caller, GraphPlane } from "./context.ts";

/** A directory's decisions are made at its root. */
const SCOPE = "/";

export function auditAtEnd(
  plane: GraphPlane,
  exchange: Exchange,
  caller: Caller,
  id: GraphOperationId,
): void {
  const { access } = graphOperations[id];
  const { tenantId, objectId, kind, appId } = caller;
  const request = {
    requestId: exchange.id,
    at: plane.clock(),
    caller: { tenantId, principalId: objectId, principalType: kind, appId },
    plane: "graph",
    operation: id,
    scope: SCOPE,
    target: exchange.shortPath,
  } as const;
  exchange.onEnd((status) => {
    if (status === 403) plane.journal.directory(request, status, access.name);
    // What every user may do is reading.
    else if (access.users !== "member") plane.journal.directory(request, status);
  });
}
