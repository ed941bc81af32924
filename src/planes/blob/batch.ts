/**
 * Blob Batch: deletions and changes of tier, many in one request, each judged as if it came alone, with a signature or token of its own. Source:
 * "Blob Batch".
 */
import { randomUUID } from "node:crypto";
import { Fault } from "../../core/fault.ts";
import { type BatchPart, readBatch } from "../../core/storage/batch-body.ts";
import type { Exchange } from "../../http/exchange.ts";
import { BLOB_API_VERSION } from "../../wire/storage/blob-version.ts";
import { blobFault } from "./blob-fault.ts";
import { type BlobRequest, readQuery } from "./blob-request.ts";
import type { BlobJudges } from "./copy-source.ts";
import { commonHeaders, faultDocument } from "./envelope.ts";
import { forwardedHeaders, forwardedQuery } from "./forwarded.ts";
import { type JudgedBlobRequest, judge } from "./judge.ts";

const PART_OPERATIONS = ["DeleteBlob", "SetBlobTier"];

export async function replyBatch(
  plane: BlobJudges,
  exchange: Exchange,
  { request, address, operation }: JudgedBlobRequest,
): Promise<void> {
  const limit = typeof operation.body === "number" ? operation.body : 0;
  const body = await exchange.readBody(limit);
  const parts = readBatch(body.toString("latin1"), String(request.headers["content-type"] ?? ""));
  if (typeof parts === "string") throw blobFault("InvalidInput", { Reason: parts });
  const boundary = `batchresponse_${randomUUID()}`;
  const replies: string[] = [];
  for (const part of parts) {
    const reply = await answerPart(plane, partRequest(request, part), address.container);
    const head = [
      "Content-Type: application/http",
      `Content-ID: ${part.id}`,
      "",
      `HTTP/1.1 ${reply.status} `,
    ];
    const lines = [...head, ...reply.headers, "", reply.body];
    replies.push(`--${boundary}\r\n${lines.join("\r\n")}\r\n`);
  }
  const headers = [...commonHeaders(exchange), "content-type", `multipart/mixed; boundary=${boundary}`];
  exchange.reply(202, headers, `${replies.join("")}--${boundary}--\r\n`);
}

function partRequest(outer: BlobRequest, { method, target, headers }: BatchPart): BlobRequest {
  const mark = target.indexOf("?");
  const rawQuery = mark < 0 ? "" : target.slice(mark + 1);
  const rawPath = mark < 0 ? target : target.slice(0, mark);
  const version = outer.headers["x-ms-version"];
  return {
    ...outer,
    id: randomUUID(),
    method,
    rawPath,
    rawQuery,
    query: readQuery(rawQuery),
    headers: { ...headers, ...(version !== undefined && { "x-ms-version": version }) },
    shortPath: rawPath.slice(0, 1_024),
  };
}

interface PartReply {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
}

/** @param container that the whole batch is of; undefined when it is of the account */
async function answerPart(
  plane: BlobJudges,
  request: BlobRequest,
  container: string | undefined,
): Promise<PartReply> {
  const ends: ((status: number) => void)[] = [];
  try {
    const judged = await judge(plane, { ...request, onEnd: (listener) => ends.push(listener) });
    if (!PART_OPERATIONS.includes(judged.operation.name)) throw blobFault("UnsupportedHttpVerb");
    if (container !== undefined && judged.address.container !== container) {
      throw blobFault("InvalidInput", { Reason: "A blob is not of the batch's container." });
    }
    const reply = await ask(plane, judged);
    for (const listener of ends) listener(reply.status);
    return reply;
  } catch (error) {
    const fault = error instanceof Fault ? error : blobFault("InternalError");
    const status = fault.status ?? 500;
    for (const listener of ends) listener(status);
    const body = faultDocument(fault, request.id, plane.clock());
    return { status, headers: partHeaders(request, fault.code, body), body };
  }
}

async function ask({ storage }: BlobJudges, judged: JudgedBlobRequest): Promise<PartReply> {
  const { request, operation, address } = judged;
  const reply = await storage.ask(address.account, {
    method: request.method,
    path: `/${[address.container, ...(address.blob ?? "").split("/")].map((name) => encodeURIComponent(name ?? "")).join("/")}`,
    query: forwardedQuery(request, operation),
    headers: Object.fromEntries(forwardedHeaders(request, operation)),
  });
  const isRefused = reply.status >= 400;
  return {
    status: reply.status,
    headers: partHeaders(request, isRefused ? reply.code : undefined, reply.text),
    body: reply.text,
  };
}

function partHeaders(request: BlobRequest, code: string | undefined, body: string): string[] {
  return [
    ...(code === undefined ? [] : [`x-ms-error-code: ${code}`]),
    `x-ms-request-id: ${request.id}`,
    `x-ms-version: ${String(request.headers["x-ms-version"] ?? BLOB_API_VERSION)}`,
    ...(body === "" ? [] : [`Content-Length: ${Buffer.byteLength(body)}`, "Content-Type: application/xml"]),
  ];
}
