/**
 * Hands a judged request to the program that keeps the blobs, and its reply back. Bytes flow as fast as the slower side takes them and are
 * never gathered; who goes away takes the other side along.
 */
import { once } from "node:events";
import type { ClientRequest, IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import type { Storage } from "../../app/storage/storage.ts";
import { Fault } from "../../core/fault.ts";
import { ClientGone, type Exchange } from "../../http/exchange.ts";
import type { BlobOperation } from "../../wire/storage/blob-operations.ts";
import type { BlobAddress } from "./address.ts";
import { blobFault } from "./blob-fault.ts";
import type { BlobRequest } from "./blob-request.ts";
import { checkedBody, checkStructuredKind } from "./checked-body.ts";
import { forwardedHeaders, forwardedQuery } from "./forwarded.ts";
import { framedReply } from "./framed-reply.ts";
import { relay, relayed } from "./relay-bytes.ts";
import { refuseAsBackend, replyHeaders } from "./reply.ts";

export interface Forwarding {
  readonly request: BlobRequest;
  readonly operation: BlobOperation;
  readonly address: BlobAddress;
  /** The blob must not be there yet. */
  readonly isForNew: boolean;
  /** A right signature may say what headers the reply has. */
  readonly isSigned: boolean;
  /** Patterns of the reply's headers that a script of another origin may read. */
  readonly exposed?: readonly string[] | undefined;
  /** In place of the client's headers of these names; undefined for none. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** The kind of frames in which the content that is read goes out; undefined for none. */
  readonly frames?: string | undefined;
}

/**
 * @param given the body, where it was read already
 * @throws Fault MissingContentLengthHeader, StorageUnavailable, InternalError, …; ClientGone
 */
export async function forward(
  storage: Storage,
  exchange: Exchange,
  forwarding: Forwarding,
  given?: Buffer,
): Promise<void> {
  const { request, operation } = forwarding;
  const stream = given === undefined ? exchange.request : Readable.from([given], { objectMode: false });
  const own = forwardedHeaders(request, operation);
  const frames = own.get("x-ms-structured-body");
  const isRead = operation.body === undefined;
  if (frames !== undefined && isRead) {
    checkStructuredKind(frames);
    own.delete("x-ms-structured-body");
  } else if (frames !== undefined) exchange.response.setHeader("x-ms-structured-body", frames);
  const { headers, body } = checkedBody(stream, own);
  const target = targetOf(forwarding, headers);
  const outer = await storage.backend.send(target);
  exchange.response.once("close", () => outer.destroy());
  if (exchange.response.destroyed) throw new ClientGone("the client left before its request was passed on");
  const reply = await exchangeBodies(exchange, body, outer);
  await passReply(exchange, reply, { ...forwarding, ...(isRead && { frames }) });
}

export function targetOf(
  { request, operation, address, isForNew, headers: own = {} }: Forwarding,
  headers: Map<string, string>,
) {
  for (const [name, value] of Object.entries(own)) {
    if (value === undefined) headers.delete(name);
    else headers.set(name, value);
  }
  if (isForNew) headers.set("if-none-match", "*");
  const query = forwardedQuery(request, operation);
  return {
    method: request.method,
    target: query === "" ? address.path : `${address.path}?${query}`,
    host: address.host,
    headers: [...headers].flat(),
  };
}

export async function passReply(
  exchange: Exchange,
  reply: IncomingMessage,
  { request, operation, isForNew, isSigned, exposed, frames }: Forwarding,
): Promise<void> {
  const status = reply.statusCode ?? 500;
  if (status >= 400) {
    const isTaken = reply.headers["x-ms-error-code"] === "BlobAlreadyExists" || status === 412;
    if (isForNew && isTaken && request.headers["if-none-match"] === undefined) {
      reply.resume();
      throw blobFault("UnauthorizedBlobOverwrite");
    }
    return refuseAsBackend(exchange, reply, { hasXmlBody: typeof operation.body === "number", exposed });
  }
  const { response } = exchange;
  const isOverridden = isSigned && (request.method === "GET" || request.method === "HEAD");
  const headers = replyHeaders(request, reply, { isOverridden, exposed });
  const hasContent = status === 200 || status === 206;
  const framed = frames !== undefined && hasContent ? framedReply(reply, headers, frames) : undefined;
  response.writeHead(status, framed?.headers ?? headers);
  try {
    await relayed(framed?.body ?? reply, response);
  } catch (error) {
    if (!response.destroyed) throw error;
  }
}

/** Sends the body, and resolves with the reply, which may come before the body has ended. */
async function exchangeBodies(
  { request }: Exchange,
  body: Readable,
  outer: ClientRequest,
): Promise<IncomingMessage> {
  const replied = once(outer, "response") as Promise<[IncomingMessage]>;
  let refusal: unknown;
  relay(body, outer);
  body.on("error", (error) => {
    refusal = error;
    outer.destroy();
  });
  request.once("close", () => {
    if (!request.complete) outer.destroy();
  });
  // A body that nobody takes any more is read to its end, for many clients look for a reply only then.
  outer.on("error", () => {
    body.removeAllListeners("data");
    if (body !== request) request.unpipe();
    request.resume();
  });
  try {
    return (await replied)[0];
  } catch {
    if (refusal instanceof Fault) throw refusal;
    if (!request.complete) throw new ClientGone("the connection ended before the body did");
    throw blobFault("InternalError");
  }
}
