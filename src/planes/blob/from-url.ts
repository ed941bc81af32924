/**
 * Put Blob, Put Block, Append Block and Put Page whose content is another blob's: read from the program behind and written to it, as the bytes
 * come. Sources: "Put Blob From URL", "Put Block From URL", "Append Block From URL", "Put Page From URL".
 */
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Storage } from "../../app/storage/storage.ts";
import { Fault } from "../../core/fault.ts";
import { ClientGone, type Exchange } from "../../http/exchange.ts";
import { blobFault } from "./blob-fault.ts";
import { type BlobRequest, headerOf } from "./blob-request.ts";
import { checkedBody } from "./checked-body.ts";
import type { CopySource } from "./copy-source.ts";
import { type Forwarding, passReply, targetOf } from "./forward.ts";
import { forwardedHeaders } from "./forwarded.ts";

const SOURCE_CONDITIONS = ["if-modified-since", "if-unmodified-since", "if-match", "if-none-match"];
/** Properties that Put Blob From URL takes over unless it is told others, or none. */
const TAKEN_OVER = [
  "content-type",
  "content-encoding",
  "content-language",
  "content-disposition",
  "cache-control",
];

export async function putFromUrl(
  storage: Storage,
  exchange: Exchange,
  source: CopySource,
  forwarding: Forwarding,
): Promise<void> {
  const { request, operation } = forwarding;
  if (headerOf(request, "x-ms-copy-source-tag-option")?.toUpperCase() === "COPY") {
    const values = { HeaderName: "x-ms-copy-source-tag-option", Reason: "Content comes without its tags." };
    throw blobFault("UnsupportedHeader", values);
  }
  const read = await readSource(storage, request, source);
  exchange.response.once("close", () => read.destroy());
  const headers = forwardedHeaders(request, operation);
  for (const name of [...headers.keys()]) {
    if (name.startsWith("x-ms-source-") || name.startsWith("x-ms-copy-source")) headers.delete(name);
  }
  headers.set("content-length", read.headers["content-length"] ?? "0");
  const md5 = headerOf(request, "x-ms-source-content-md5");
  if (md5 !== undefined) headers.set("content-md5", md5);
  if (operation.name === "PutBlobFromUrl") takeOver(headers, request, read);
  const { headers: checked, body } = checkedBody(read, headers);
  const outer = await storage.backend.send(targetOf(forwarding, checked));
  exchange.response.once("close", () => outer.destroy());
  if (exchange.response.destroyed) throw new ClientGone("the client left before its copy was begun");
  let refusal: unknown;
  const replied = once(outer, "response") as Promise<[IncomingMessage]>;
  body.pipe(outer);
  body.on("error", (error) => {
    refusal = error;
    outer.destroy();
  });
  try {
    const [reply] = await replied;
    await passReply(exchange, reply, forwarding);
  } catch (error) {
    read.destroy();
    if (refusal instanceof Fault) throw refusal;
    throw error;
  }
}

/** @throws Fault CannotVerifyCopySource, SourceConditionNotMet */
async function readSource(
  storage: Storage,
  request: BlobRequest,
  { address, snapshot }: CopySource,
): Promise<IncomingMessage> {
  const headers: string[] = [];
  const range = headerOf(request, "x-ms-source-range");
  if (range !== undefined) headers.push("x-ms-range", range);
  for (const name of SOURCE_CONDITIONS) {
    const value = headerOf(request, `x-ms-source-${name}`);
    if (value !== undefined) headers.push(name, value);
  }
  const query = snapshot === undefined ? "" : `?snapshot=${encodeURIComponent(snapshot)}`;
  const asked = { method: "GET", target: address.path + query, host: address.host, headers };
  const outer = await storage.backend.send(asked);
  const replied = once(outer, "response") as Promise<[IncomingMessage]>;
  outer.end();
  const [reply] = await replied;
  const status = reply.statusCode ?? 0;
  if (status === 200 || status === 206) return reply;
  reply.resume();
  if (status === 304 || status === 412) throw blobFault("SourceConditionNotMet");
  const code = String(reply.headers["x-ms-error-code"] ?? "InternalError");
  throw blobFault("CannotVerifyCopySource", { Reason: code });
}

function takeOver(headers: Map<string, string>, request: BlobRequest, read: IncomingMessage): void {
  headers.set("x-ms-blob-type", "BlockBlob");
  headers.delete("x-ms-copy-source-blob-properties");
  if (headerOf(request, "x-ms-copy-source-blob-properties")?.toLowerCase() === "false") return;
  for (const name of TAKEN_OVER) {
    const own = `x-ms-blob-${name}`;
    const value = read.headers[name];
    if (!headers.has(own) && typeof value === "string") headers.set(own, value);
  }
}
