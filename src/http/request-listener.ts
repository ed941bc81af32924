/**
 * Turns a raw request into an exchange for a handler: target and Host are checked here, once for all planes. Whatever a
 * handler throws is logged and answered 500, and the process goes on.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { unexpected } from "../core/unexpected.ts";
import { parseAuthority } from "./authority.ts";
import { type AnsweredAuthority, ClientGone, Exchange, type Handler } from "./exchange.ts";
import type { HostAllowList } from "./host-allow-list.ts";
import { parseRequestTarget } from "./request-target.ts";

export type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;

export interface RequestListenerOptions {
  readonly scheme: "http" | "https";
  readonly hosts: HostAllowList;
  readonly handler: Handler;
  readonly log: (line: string) => void;
}

export function requestListener({ scheme, hosts, handler, log }: RequestListenerOptions): RequestListener {
  const answered = answeredAuthorities(hosts);
  return (request, response) => {
    const target = parseRequestTarget(request.url ?? "");
    if (target === undefined) return refuse(response, 400, "InvalidUri", "The request target is not valid.");
    const host = target.authority ?? request.headers.host;
    const authority = host === undefined ? undefined : answered(host);
    if (authority === undefined) {
      return refuse(response, 421, "MisdirectedRequest", "The Host of this request is not served here.");
    }
    const exchange = new Exchange(request, response, scheme, authority, target);
    try {
      handler(exchange)?.catch((error: unknown) => fail(exchange, error, log));
    } catch (error) {
      fail(exchange, error, log);
    }
  };
}

/** Remembers the few Host headers that clients really send. */
function answeredAuthorities(hosts: HostAllowList): (host: string) => AnsweredAuthority | undefined {
  const MAX_REMEMBERED = 1024;
  const remembered = new Map<string, AnsweredAuthority>();
  return (host) => {
    const known = remembered.get(host);
    if (known !== undefined) return known;
    const authority = parseAuthority(host);
    const answeredAs = authority && hosts.answers(authority.name);
    if (authority === undefined || answeredAs === undefined) return undefined;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    const answered = { ...authority, answeredAs };
    remembered.set(host, answered);
    return answered;
  };
}

function fail(exchange: Exchange, error: unknown, log: (line: string) => void): void {
  if (error instanceof ClientGone) return;
  log(`${exchange.id} ${exchange.method} failed: ${unexpected(error)}`);
  if (exchange.response.headersSent) exchange.response.destroy();
  else
    refuse(exchange.response, 500, "InternalServerError", `Request ${exchange.id} failed; the log says why.`);
}

/** An answer given before any plane is chosen, in the shape that most of Azure shares. */
export function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  const body = JSON.stringify({ error: { code, message } });
  response.writeHead(status, [
    "content-type",
    "application/json; charset=utf-8",
    "content-length",
    String(Buffer.byteLength(body)),
  ]);
  response.end(body);
}
