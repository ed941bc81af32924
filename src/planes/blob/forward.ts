/**
 * Hands a judged request to the program that keeps the blobs, and its reply back. Bytes flow as fast as the slower side takes them and are
 * never gathered; who goes away takes the other side along.
 */
import { once } from "node:events";
import type { ClientRequest, IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";
import type { Storage } from "../../app/storage/storage.ts";
import { storageSharedKey } from "../../core/storage/shared-key.ts";
import { ClientGone, type Exchange } from "../../http/exchange.ts";
import type { BlobAddress } from "./address.ts";
import { blobFault } from "./blob-fault.ts";

/** Between two hops only (RFC 9110 section 7.6.1), or about the hop itself. */
const OF_THE_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "expect",
  "host",
  "via",
  "forwarded",
  "cookie",
]);

export interface Forwarding {
  readonly address: BlobAddress;
  /** The request was allowed by roles: the account's own signature takes the place of the token. */
  readonly isSignedHere: boolean;
}

/** @throws Fault MissingContentLengthHeader, StorageUnavailable, InternalError; ClientGone */
export async function forward(
  storage: Storage,
  exchange: Exchange,
  { address, isSignedHere }: Forwarding,
): Promise<void> {
  const { request, response, method, rawPath } = exchange;
  if (request.headers["transfer-encoding"] !== undefined) throw blobFault("MissingContentLengthHeader");
  const headers = forwardedHeaders(request);
  const query = isSignedHere ? plainQuery(exchange) : exchange.rawQuery;
  if (isSignedHere) {
    const { name, keys } = address.account;
    delete headers.date;
    headers["x-ms-date"] = new Date().toUTCString();
    headers.authorization = storageSharedKey(name, keys[0], { method, headers, path: rawPath, query });
  }
  const outer = await storage.backend.send({
    method,
    target: query === "" ? rawPath : `${rawPath}?${query}`,
    host: address.host,
    headers: Object.entries(headers).flat(),
  });
  response.once("close", () => outer.destroy());
  if (response.destroyed) throw new ClientGone("the client left before its request was passed on");
  const reply = await exchangeBodies(request, outer);
  response.writeHead(reply.statusCode ?? 500, forwardedReplyHeaders(reply));
  try {
    await pipeline(reply, response);
  } catch (error) {
    if (!response.destroyed) throw error;
  }
}

/** Sends the body, and resolves with the reply, which may come before the body has ended. */
async function exchangeBodies(request: IncomingMessage, outer: ClientRequest): Promise<IncomingMessage> {
  const replied = once(outer, "response") as Promise<[IncomingMessage]>;
  request.pipe(outer);
  request.once("close", () => {
    if (!request.complete) outer.destroy();
  });
  // A body that nobody takes any more is read to its end, for many clients look for a reply only then.
  outer.on("error", () => {
    request.unpipe(outer);
    request.resume();
  });
  try {
    return (await replied)[0];
  } catch {
    if (!request.complete) throw new ClientGone("the connection ended before the body did");
    throw blobFault("InternalError");
  }
}

function forwardedHeaders({ headers }: IncomingMessage): Record<string, string> {
  const named = (headers.connection ?? "").toLowerCase().split(/\s*,\s*/);
  const kept = Object.entries(headers).filter(
    ([name]) => !OF_THE_HOP.has(name) && !named.includes(name) && !name.startsWith("x-forwarded-"),
  );
  return Object.fromEntries(
    kept.map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : (value ?? "")]),
  );
}

function forwardedReplyHeaders({ rawHeaders }: IncomingMessage): string[] {
  const headers: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = "", value = ""] = rawHeaders.slice(at, at + 2);
    if (!OF_THE_HOP.has(name.toLowerCase()) && name.toLowerCase() !== "server") headers.push(name, value);
  }
  return headers;
}

/** The query as it was read for the decision, so that nobody reads another one. */
function plainQuery({ query }: Exchange): string {
  return query
    .names()
    .map((name) => `${encodeURIComponent(name)}=${encodeURIComponent(query.get(name) ?? "")}`)
    .join("&");
}
