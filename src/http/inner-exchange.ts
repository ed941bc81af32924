/** A request that came inside another one's body, as in a batch: the planes answer it like any other, and what they reply is kept. */
import type { IncomingHttpHeaders } from "node:http";
import { Fault } from "../core/fault.ts";
import { Exchange } from "./exchange.ts";

export interface InnerRequest {
  readonly method: string;
  /** Path and query, still encoded, beginning with a slash. */
  readonly target: string;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface InnerReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export class InnerExchange extends Exchange {
  readonly #inner: InnerRequest;
  readonly #listeners: ((status: number) => void)[] = [];
  #reply: InnerReply | undefined;

  constructor(outer: Exchange, inner: InnerRequest) {
    const [rawPath = "/", ...query] = inner.target.split("?");
    super(outer.request, outer.response, outer.scheme, outer.authority, {
      rawPath,
      rawQuery: query.join("?"),
      scheme: outer.scheme,
    } as ConstructorParameters<typeof Exchange>[4]);
    this.#inner = inner;
  }

  override get method(): string {
    return this.#inner.method;
  }

  override get headers(): IncomingHttpHeaders {
    return this.#inner.headers;
  }

  override async readBody(limit: number): Promise<Buffer> {
    const { body } = this.#inner;
    if (body.length <= limit) return body;
    throw new Fault("RequestBodyTooLarge", `The body may be ${limit} bytes at the most.`, { status: 413 });
  }

  override onEnd(listener: (status: number) => void): void {
    this.#listeners.push(listener);
  }

  override reply(status: number, headers: string[], body: string | Buffer = ""): void {
    const named: Record<string, string> = {};
    for (let index = 0; index + 1 < headers.length; index += 2)
      named[headers[index] ?? ""] = headers[index + 1] ?? "";
    this.#reply = { status, headers: named, body: body.toString() };
    for (const listener of this.#listeners) listener(status);
  }

  /** @throws when nothing has replied: a programmer's error */
  get answer(): InnerReply {
    if (this.#reply === undefined) throw new Error("the inner request was not answered");
    return this.#reply;
  }
}
