/**
 * One request and the reply to it, as every plane gets them. Owns reading the body and writing the reply; it knows no
 * resource and no plane's error shape. It stands on the path of every request: what not all planes need is made when asked for.
 */
import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Fault } from "../core/fault.ts";
import type { Authority } from "./authority.ts";
import type { AnsweredName } from "./host-allow-list.ts";
import { Query } from "./query.ts";
import { collapseLeadingSlashes, type RequestTarget } from "./request-target.ts";

/** Answers an exchange. What it throws is a programmer's error: planes render their own faults. */
export type Handler = (exchange: Exchange) => void | Promise<void>;

/** A Host that is on the allow-list, and what it stands for. */
export interface AnsweredAuthority extends Authority {
  readonly answeredAs: AnsweredName;
}

/** The client went away while its body was read; there is nobody to answer. */
export class ClientGone extends Error {}

/** The part of a refused body that is still read and thrown away: many clients look for a reply only after sending everything. */
const MAX_DISCARDED_BYTES = 16 * 1024 * 1024;

const MAX_SHORT_PATH = 1_024;
const MAX_USER_AGENT = 256;

export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** As the client sees it: through the proxy, that of the absolute target. */
  readonly scheme: "http" | "https";
  readonly authority: AnsweredAuthority;
  /** As sent, still encoded: what a SharedKey signature covers. */
  readonly rawPath: string;
  readonly rawQuery: string;
  /** Still encoded, with one leading slash. */
  readonly path: string;
  /** What of the client's path is cut off and stands before every path in a reply; empty but below a prefix. */
  readonly base: string;
  #id: string | undefined;
  #query: Query | undefined;
  #segments: readonly string[] | undefined;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    scheme: "http" | "https",
    authority: AnsweredAuthority,
    target: RequestTarget,
    base = "",
  ) {
    this.request = request;
    this.response = response;
    this.scheme = target.scheme ?? scheme;
    this.authority = authority;
    this.rawPath = target.rawPath;
    this.rawQuery = target.rawQuery;
    this.path = collapseLeadingSlashes(target.rawPath);
    this.base = base;
  }

  get method(): string {
    return this.request.method ?? "GET";
  }

  /** The other end's address, or `unknown` once it has gone. */
  get source(): string {
    return this.request.socket.remoteAddress ?? "unknown";
  }

  get headers(): IncomingHttpHeaders {
    return this.request.headers;
  }

  /** Scheme and host as the client sees them, and the prefix, where there is one: the base of every URL in a reply. */
  get origin(): string {
    return `${this.scheme}://${this.authority.host}${this.base}`;
  }

  /** The same request as whoever lives below a prefix of the path sees it. @param base a whole number of leading segments, as sent */
  below(base: string): Exchange {
    const { request, response, scheme, authority, rawQuery } = this;
    const rawPath = this.path.slice(base.length) || "/";
    return new Exchange(
      request,
      response,
      scheme,
      authority,
      { scheme, authority: undefined, rawPath, rawQuery },
      base,
    );
  }

  /** A GUID that names this exchange in headers, errors and the log. */
  get id(): string {
    this.#id ??= randomUUID();
    return this.#id;
  }

  get query(): Query {
    this.#query ??= new Query(this.rawQuery);
    return this.#query;
  }

  /**
   * The path's segments, decoded; an encoded slash stays inside its segment, a trailing slash adds none.
   * @throws Fault `InvalidUri` when an escape does not decode
   */
  get segments(): readonly string[] {
    this.#segments ??= decodeSegments(this.path);
    return this.#segments;
  }

  /**
   * The whole body.
   * @param limit in bytes
   * @throws Fault `RequestBodyTooLarge` (413) beyond the limit
   * @throws ClientGone when the connection ends before the body does
   */
  readBody(limit: number): Promise<Buffer> {
    const { request, response } = this;
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const refuse = () =>
        reject(
          new Fault("RequestBodyTooLarge", `The body may be ${limit} bytes at the most.`, { status: 413 }),
        );
      const declared = Number(this.headers["content-length"] ?? 0);
      if (declared > limit) refuse();
      if (declared > limit + MAX_DISCARDED_BYTES) {
        response.shouldKeepAlive = false;
        return;
      }
      request.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size <= limit) chunks.push(chunk);
        else if (size > limit + MAX_DISCARDED_BYTES) request.destroy();
        else refuse();
      });
      request.on("end", () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
      request.on("close", () => {
        if (!request.complete) reject(new ClientGone("the connection ended before the body did"));
      });
    });
  }

  /** The path for a log: what is longer than any path of ours is cut. */
  get shortPath(): string {
    return this.path.length > MAX_SHORT_PATH ? `${this.path.slice(0, MAX_SHORT_PATH)}…` : this.path;
  }

  /** What the client says of itself, no longer than any client's of ours. */
  get userAgent(): string {
    return String(this.headers["user-agent"] ?? "").slice(0, MAX_USER_AGENT);
  }

  /** Calls back once the exchange is over, with the reply's status; with 0 when the client went away before there was one. */
  onEnd(listener: (status: number) => void): void {
    const { response } = this;
    response.once("close", () => listener(response.headersSent ? response.statusCode : 0));
  }

  /**
   * @param headers names and values in turn; taken over by the call
   * @param body empty for none
   */
  reply(status: number, headers: string[], body: string | Buffer = ""): void {
    const { response } = this;
    if (status !== 204 && status !== 304) headers.push("content-length", String(Buffer.byteLength(body)));
    response.writeHead(status, headers);
    // The replies of one turn of the event loop go out together at its end: a client that the first one has woken need not be
    // woken by the others. Half as many requests again per second, and no later for one that comes alone.
    setImmediate(() => response.end(body));
  }

  replyJson(status: number, headers: string[], value: unknown): void {
    headers.push("content-type", "application/json; charset=utf-8");
    this.reply(status, headers, JSON.stringify(value));
  }

  /** Resolves when the last byte is handed over; a client that goes away ends the source and is no error. */
  async replyStream(status: number, headers: string[], source: Readable): Promise<void> {
    this.response.writeHead(status, headers);
    try {
      await pipeline(source, this.response);
    } catch (error) {
      if (!this.response.destroyed) throw error;
    }
  }
}

function decodeSegments(path: string): readonly string[] {
  const end = path.endsWith("/") ? path.length - 1 : path.length;
  if (end <= 1) return [];
  const segments = path.slice(1, end).split("/");
  if (!path.includes("%")) return segments;
  try {
    return segments.map(decodeURIComponent);
  } catch {
    throw new Fault("InvalidUri", "The request URI is not a valid percent-encoding of UTF-8.", {
      status: 400,
    });
  }
}
