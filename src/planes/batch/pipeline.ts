/**
 * Every request of the data plane, in the order in which it is judged: account, where it comes from, authentication, address and query, body,
 * authorization, and only then the handler, which looks things up. Nothing reveals whether a resource exists before the
 * caller is known to be allowed to ask.
 */
import type { AccountHandle } from "../../app/accounts/account-handle.ts";
import { sealMountSecrets } from "../../app/secrets/mount-secrets.ts";
import { sealRegistryPasswords } from "../../app/secrets/registry-passwords.ts";
import { Fault } from "../../core/fault.ts";
import type { Precondition } from "../../core/lifecycle/resource-version.ts";
import { checkBody } from "../../core/model/body-check.ts";
import { projectModel } from "../../core/model/model-projection.ts";
import { checkTaskCollection } from "../../core/model/task-collection.ts";
import { refuseUnbuiltProperties } from "../../core/model/unbuilt-properties.ts";
import { closedTo } from "../../core/storage/network-rules.ts";
import { unexpected } from "../../core/unexpected.ts";
import { conditionsHold } from "../../http/conditional-headers.ts";
import type { BatchAddress } from "../../http/dispatch.ts";
import { ClientGone, type Exchange } from "../../http/exchange.ts";
import { plainAddress } from "../../http/plain-address.ts";
import { DOCUMENTED_LOCATION } from "../../wire/arm/regions.ts";
import { batchApiVersions } from "../../wire/batch/api-versions.gen.ts";
import { ADD_TASK_COLLECTION_MAX_BYTES, POOL_BODY_MAX_BYTES } from "../../wire/batch/limits.ts";
import type { BatchOperation } from "../../wire/batch/operation.ts";
import { type BatchOperationId, batchOperations } from "../../wire/batch/operations.gen.ts";
import { batchOperationHandlers } from "./operations.ts";
import { apiVersionIndex } from "./request/api-version.ts";
import { authenticate } from "./request/authenticate.ts";
import { authorize } from "./request/authorize.ts";
import type { BatchPlane } from "./request/batch-plane.ts";
import type { BatchReply } from "./request/context.ts";
import { crossOrigin } from "./request/cross-origin.ts";
import { errorBody, errorMetadata, errorReason, errorStatus } from "./request/envelope.ts";
import { checkQuery } from "./request/query.ts";
import { type Route, routeFind } from "./request/route.ts";
import { VersionWatch } from "./request/version-watch.ts";

/** A read whose If-None-Match or If-Modified-Since says that the caller has it already. */
class NotModified extends Error {}

export function batchPlane(plane: BatchPlane): (exchange: Exchange, address: BatchAddress) => Promise<void> {
  return async (exchange, address) => {
    if (crossOrigin(exchange, plane.pagesOrigin?.())) return;
    const watch = plane.versionRecordings.isOn ? new VersionWatch(plane, exchange) : undefined;
    try {
      await answer(plane, exchange, address, watch);
      watch?.keep();
    } catch (error) {
      if (!isDenial(error)) watch?.keep();
      if (error instanceof NotModified) send(exchange, 304, {});
      else if (!(error instanceof ClientGone)) refuse(plane, exchange, error);
    }
  };
}

const isDenial = (error: unknown) => error instanceof Fault && error.code === "PermissionDenied";

async function answer(
  plane: BatchPlane,
  exchange: Exchange,
  address: BatchAddress,
  watch: VersionWatch | undefined,
): Promise<void> {
  const account = identifyAccount(plane, address);
  checkNetwork(plane, exchange, account);
  const identified = authenticate(plane, exchange, account);
  const caller = identified instanceof Promise ? await identified : identified;
  const asked = apiVersionIndex(plane.versions, exchange.query);
  const version = Math.max(asked, plane.answersAs);
  const { id, parameters } = findOperation(exchange, asked);
  watch?.request(account, caller, asked, id);
  checkServed(id, version);
  const operation: BatchOperation = batchOperations[id];
  const query = checkQuery(operation, version, exchange.query);
  const body = operation.body ? await readBody(exchange, operation, version, watch) : undefined;
  const rights = authorize(plane, exchange, caller, {
    account,
    operation: id,
    apiVersion: batchApiVersions[asked]?.version ?? "",
    path: parameters,
    body,
  });
  if (rights) await rights;
  const handle = batchOperationHandlers.get(id);
  if (!handle) throw new Fault("NotImplemented");
  refuseUnbuiltProperties(body);
  sealRegistryPasswords(plane.app.sealing, body);
  sealMountSecrets(plane.app.sealing, body);
  const reply = await handle({
    app: plane.app,
    account,
    operation: id,
    version,
    path: parameters,
    query,
    body,
    precondition: preconditionOf(exchange),
    exchange,
  });
  const isSelection = query.text("$select") !== undefined;
  await deliver(exchange, operation, { version, isSelection, watch }, reply);
}

function identifyAccount(plane: BatchPlane, { account, location }: BatchAddress): AccountHandle {
  const handle = plane.accountNamed(account);
  const isElsewhere = location !== undefined && location !== handle?.location;
  if (!handle || (isElsewhere && location !== DOCUMENTED_LOCATION)) {
    throw new Fault("ResourceNotFound", "There is no Batch account under this host name.");
  }
  return handle;
}

/** Before anybody is asked who they are, as the network would. The code is ours: no page names the real one. */
function checkNetwork(plane: BatchPlane, { request }: Exchange, account: AccountHandle): void {
  if (!closedTo(plane.networkRules(account), plainAddress(request.socket.remoteAddress))) return;
  throw new Fault("PermissionDenied", "The account's network rules admit no request from this address.");
}

function findOperation(exchange: Exchange, version: number): Route {
  const match = routeFind(exchange.method, exchange.segments);
  if (match === "unknownMethod") throw new Fault("UnsupportedHttpVerb");
  if (match === "unknownPath") throw new Fault("InvalidUri");
  checkServed(match.route.id, version);
  return match.route;
}

/** @throws Fault InvalidUri */
function checkServed(id: BatchOperationId, version: number): void {
  const { since, until } = batchOperations[id];
  if (version >= since && version <= until) return;
  const { version: name } = batchApiVersions[version] ?? { version: "" };
  throw new Fault("InvalidUri", `The api-version ${name} does not have the operation ${id}.`);
}

async function readBody(
  exchange: Exchange,
  operation: BatchOperation,
  version: number,
  watch: VersionWatch | undefined,
): Promise<unknown> {
  const isOfPool = operation.body?.startsWith("Pool") ?? false;
  const bytes = await exchange.readBody(isOfPool ? POOL_BODY_MAX_BYTES : ADD_TASK_COLLECTION_MAX_BYTES);
  if (bytes.length === 0 && !operation.bodyRequired) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw new Fault("InvalidRequestBody", "", {
      values: [{ key: "Reason", value: `The body is not JSON: ${(cause as Error).message}` }],
    });
  }
  if (operation.body) watch?.body(operation.body, value);
  if (operation.body === "TaskAddCollectionParameter") return checkTaskCollection(version, value);
  return operation.body && checkBody(operation.body, version, value);
}

const CONDITIONAL_HEADERS = [
  "if-match",
  "if-none-match",
  "if-modified-since",
  "if-unmodified-since",
] as const;
const UNCONDITIONAL: Precondition = () => {};

function preconditionOf({ method, headers }: Exchange): Precondition {
  if (!CONDITIONAL_HEADERS.some((name) => headers[name] !== undefined)) return UNCONDITIONAL;
  return ({ etag, modifiedAt }) => {
    const decision = conditionsHold(method, headers, { etag, lastModified: modifiedAt });
    if (decision === "notModified") throw new NotModified();
    if (decision === "failed") throw new Fault("ConditionNotMet");
  };
}

interface Shown {
  readonly version: number;
  /** A selection stands in the version's words already. */
  readonly isSelection: boolean;
  readonly watch: VersionWatch | undefined;
}

async function deliver(
  exchange: Exchange,
  operation: BatchOperation,
  { version, isSelection, watch }: Shown,
  reply: BatchReply,
): Promise<void> {
  const status = reply.status ?? operation.success[0] ?? 200;
  if (reply.stream) {
    await exchange.replyStream(status, [...commonHeaders(exchange), ...(reply.headers ?? [])], reply.stream);
    return;
  }
  const isOlder = operation.olderResponse !== undefined && version <= operation.olderResponse.until;
  const model = isOlder ? operation.olderResponse?.model : operation.response;
  if (reply.json === undefined || model === undefined) return send(exchange, status, reply);
  const json = isSelection ? reply.json : projectModel(model, version, reply.json);
  watch?.reply(model, version, json);
  send(exchange, status, { ...reply, json });
}

function send(exchange: Exchange, status: number, { headers, json }: BatchReply): void {
  const all = [...commonHeaders(exchange), ...(headers ?? [])];
  if (json === undefined) {
    // The length of a HEAD's reply is that of the file it describes.
    if (exchange.method === "HEAD") {
      exchange.response.writeHead(status, all).end();
    } else exchange.reply(status, all);
    return;
  }
  all.push("Content-Type", "application/json;odata=minimalmetadata");
  exchange.reply(status, all, JSON.stringify(json));
}

function commonHeaders(exchange: Exchange): string[] {
  const headers = ["request-id", exchange.id, "DataServiceVersion", "3.0", "Cache-Control", "no-store"];
  const clientId = exchange.headers["client-request-id"] ?? exchange.query.get("client-request-id");
  const wanted =
    exchange.headers["return-client-request-id"] ?? exchange.query.get("return-client-request-id");
  if (
    typeof clientId === "string" &&
    /^[\w-]{1,64}$/.test(clientId) &&
    String(wanted).toLowerCase() === "true"
  ) {
    headers.push("client-request-id", clientId);
  }
  return headers;
}

function refuse(plane: BatchPlane, exchange: Exchange, error: unknown): void {
  const fault =
    error instanceof Fault ? error : new Fault("InternalError", "", { cause: error, status: 500 });
  if (!(error instanceof Fault)) {
    plane.log(`batch ${exchange.id} ${exchange.method}: ${unexpected(error)}`);
  }
  if (exchange.response.headersSent) {
    exchange.response.destroy();
    return;
  }
  const status = errorStatus(fault);
  // .NET's clients show the reason phrase as the error's message.
  exchange.response.statusMessage = errorReason(fault);
  const json = { "odata.metadata": errorMetadata(exchange), ...errorBody(exchange, fault, plane.clock()) };
  const headers = status === 401 ? ["WWW-Authenticate", "Bearer"] : [];
  send(exchange, status, exchange.method === "HEAD" ? { headers } : { headers, json });
}
