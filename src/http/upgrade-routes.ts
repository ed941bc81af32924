/**
 * Decides which requests become WebSockets: those for a known path on one of this machine's names. All others stay plain
 * requests, as HTTP lets a server choose (clients that offer `h2c` must not be cut off).
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { parseAuthority } from "./authority.ts";
import type { HostAllowList } from "./host-allow-list.ts";
import type { UpgradeRoutes } from "./listener.ts";
import { parseRequestTarget } from "./request-target.ts";

export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** @param handlers by exact path */
export function webSocketRoutes(
  hosts: HostAllowList,
  handlers: Readonly<Record<string, UpgradeHandler>>,
): UpgradeRoutes {
  const handlerFor = (request: IncomingMessage): UpgradeHandler | undefined => {
    const authority = parseAuthority(request.headers.host ?? "");
    const path = parseRequestTarget(request.url ?? "")?.rawPath ?? "";
    const isLocal = authority !== undefined && hosts.answers(authority.name) === "local";
    return isLocal && Object.hasOwn(handlers, path) ? handlers[path] : undefined;
  };
  return {
    accepts: (request) =>
      request.headers.upgrade?.toLowerCase() === "websocket" && handlerFor(request) !== undefined,
    handle: (request, socket, head) => handlerFor(request)?.(request, socket, head),
  };
}
