/**
 * Every management request, in the order in which it is judged: authentication, path, api-version, the tenant of the
 * subscription, authorization, and only then what the path names and the handler. Nothing reveals whether a resource exists
 * before the caller is known to be allowed to ask.
 */

import type { TokenPrincipal } from "../../app/directory/access-token-verify.ts";
import { requireProvider } from "../../app/management/provider-registration.ts";
import { requireUnlocked } from "../../app/subscriptions/management-locks.ts";
import type { Subscription } from "../../app/subscriptions/subscription-read.ts";
import { parseScope } from "../../core/access/scope.ts";
import { Fault } from "../../core/fault.ts";
import { unexpected } from "../../core/unexpected.ts";
import { BATCH_PROVIDER } from "../../core/version/management-report.ts";
import { answersAnyOrigin } from "../../http/any-origin.ts";
import { ClientGone, type Exchange, type Handler } from "../../http/exchange.ts";
import { armOperations } from "../../wire/arm/operations.ts";
import { armPermission } from "../../wire/arm/permissions.ts";
import { answerAccessApi, isAccessApi } from "./authorization/access-api.ts";
import { isMetadataEndpoints, metadataEndpoints } from "./metadata-endpoints.ts";
import { operationResultToken, replyOperationResult } from "./operation-results.ts";
import { armOperationHandlers } from "./operations.ts";
import { apiVersionOf } from "./request/api-version.ts";
import { armFault } from "./request/arm-fault.ts";
import { authenticate } from "./request/authenticate.ts";
import { authorize } from "./request/authorize.ts";
import type { ArmPlane } from "./request/context.ts";
import { replyFault, replySuccess } from "./request/envelope.ts";
import { ManagementWatch } from "./request/management-watch.ts";
import { findParent, revealParent } from "./request/parent.ts";
import { idSegments, type Route, routeFind } from "./request/route.ts";
import { answerVersionsApi, isVersionsApi } from "./versions-api.ts";

/** What a page's scripts may read of a reply besides the few headers that every script may. */
const EXPOSED = [
  "x-ms-request-id",
  "x-ms-correlation-request-id",
  "x-ms-client-request-id",
  "ETag",
  "Last-Modified",
  "Location",
  "Azure-AsyncOperation",
  "Retry-After",
  "WWW-Authenticate",
];

export function armPlane(plane: ArmPlane): Handler {
  return async (exchange) => {
    if (answersAnyOrigin(exchange, EXPOSED)) return;
    try {
      await answer(plane, exchange);
    } catch (error) {
      if (!(error instanceof ClientGone)) refuse(plane, exchange, error);
    }
  };
}

async function answer(plane: ArmPlane, exchange: Exchange): Promise<void> {
  if (isMetadataEndpoints(exchange))
    return replySuccess(exchange, 200, metadataEndpoints(plane.versions, exchange));
  const principal = await authenticate(plane, exchange);
  if (isAccessApi(exchange)) {
    return replySuccess(exchange, 200, await answerAccessApi(plane, principal, exchange, plane.versions));
  }
  if (isVersionsApi(exchange)) {
    return replySuccess(exchange, 200, await answerVersionsApi(plane, principal, exchange, plane.versions));
  }
  const pending = operationResultToken(exchange);
  if (pending !== undefined) {
    const { status = 200, json, headers } = await replyOperationResult(plane, exchange, principal, pending);
    return replySuccess(exchange, status, json, headers);
  }
  const segments = idSegments(exchange.segments);
  const route = routeFind(exchange.method, segments);
  const apiVersion = apiVersionOf(plane.versions, exchange.query, route.id);
  const handler = armOperationHandlers.get(route.id);
  const named = await findParent(plane, principal, segments);
  const rights = await authorize(plane, exchange, principal, {
    route,
    apiVersion,
    isFiltered: handler?.isFiltered,
  });
  const isWatched = plane.versionRecordings.isOn && route.id.startsWith(BATCH_PROVIDER);
  const watch = isWatched
    ? new ManagementWatch(plane.versionRecordings, exchange, { principal, route, apiVersion })
    : undefined;
  try {
    await handle({ plane, exchange, principal, apiVersion, route, named, handler, rights, watch });
  } finally {
    watch?.keep();
  }
}

interface Judged {
  readonly plane: ArmPlane;
  readonly exchange: Exchange;
  readonly principal: TokenPrincipal;
  readonly apiVersion: string;
  readonly route: Route;
  readonly named: Awaited<ReturnType<typeof findParent>>;
  readonly handler: ReturnType<typeof armOperationHandlers.get>;
  readonly rights: Awaited<ReturnType<typeof authorize>>;
  readonly watch: ManagementWatch | undefined;
}

/** What the caller may ask. */
async function handle(judged: Judged): Promise<void> {
  const { plane, exchange, principal, apiVersion, route, named, handler, rights, watch } = judged;
  if (!handler) throw armFault("NotImplemented", `The operation ${route.id} is not built yet.`);
  const parent = revealParent(named, route.id === "Microsoft.Resources/ResourceGroups_CreateOrUpdate");
  const [namespace = ""] = route.id.split("/");
  if (named.subscription) await refuseLocked(plane, named.subscription, exchange.method, route);
  if (exchange.method === "PUT" && named.subscription)
    await requireProvider(plane, named.subscription, namespace);
  const path = route.parameters;
  const context = { plane, exchange, principal, apiVersion, path, parent, watch, ...rights };
  const { status = armOperations[route.id].success[0] ?? 200, json, headers } = await handler.handle(context);
  if (json) watch?.reply(json);
  replySuccess(exchange, status, json, headers);
}

/** Questions that are posted, and locks themselves, change nothing that a lock holds. */
const UNLOCKED = /(\/checkNameAvailability\/action|^Microsoft\.Authorization\/locks\/\w+)$/i;

/** @throws Fault ScopeLocked */
async function refuseLocked(
  plane: ArmPlane,
  subscription: Subscription,
  method: string,
  { id, scope }: Route,
): Promise<void> {
  if (method === "GET" || method === "HEAD" || UNLOCKED.test(armPermission(id).name)) return;
  const locked = parseScope(scope);
  if (locked) await requireUnlocked(plane, subscription, locked, method === "DELETE" ? "delete" : "write");
}

function refuse(plane: ArmPlane, exchange: Exchange, error: unknown): void {
  if (error instanceof Fault) {
    replyFault(exchange, error);
    return;
  }
  plane.log(`arm ${exchange.id} ${exchange.method}: ${unexpected(error)}`);
  if (exchange.response.headersSent) exchange.response.destroy();
  else
    replyFault(exchange, armFault("InternalServerError", `Request ${exchange.id} failed; the log says why.`));
}
