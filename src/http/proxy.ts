/**
 * The proxy port: lets unmodified clients reach us under Azure's own names. A CONNECT to such a name ends here, in our own
 * TLS; an absolute-form request is answered as if it had come to that host. Nothing is ever forwarded, so there is nothing
 * to misuse as a relay: every other name is refused.
 */
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { parseAuthority } from "./authority.ts";
import type { Handler } from "./exchange.ts";
import type { HostAllowList } from "./host-allow-list.ts";
import { type Listener, listen } from "./listener.ts";
import { refuse, requestListener } from "./request-listener.ts";

export interface ProxyOptions {
  readonly port: number;
  readonly bind?: string | undefined;
  readonly hosts: HostAllowList;
  /** Serves what comes out of the tunnels. */
  readonly tls: Listener;
  /** Answers absolute-form requests, by their target's host. */
  readonly handler: Handler;
  /** Serve clients on other machines too. */
  readonly allowRemoteClients?: boolean;
  /** Called for each refused tunnel to the metadata service: there is none outside of nodes. */
  readonly onMetadataRefused?: (target: string, socket: Socket) => void;
  readonly log: (line: string) => void;
}

const HTTPS_PORT = 443;

export async function listenProxy(options: ProxyOptions): Promise<Listener> {
  const { hosts, tls, log } = options;
  const answer = requestListener({ scheme: "http", hosts, handler: options.handler, log });
  const isAllowed = (socket: Socket) => options.allowRemoteClients || isLoopback(socket.remoteAddress);

  const listener = await listen({
    port: options.port,
    bind: options.bind,
    onRequest: (request, response) => {
      const refusal = isAllowed(request.socket) ? refusalOf(hosts, request) : REMOTE_CLIENT;
      if (refusal) refuse(response, refusal.status, refusal.code, refusal.message);
      else answer(request, response);
    },
  });
  listener.server.on("connect", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const authority = parseAuthority(request.url ?? "");
    const isOurs = authority?.port === HTTPS_PORT && isAzureName(hosts, authority.name);
    if (!isOurs || !isAllowed(socket)) {
      if (authority && hosts.answers(authority.name) === "metadata")
        options.onMetadataRefused?.(request.url ?? "", socket);
      socket.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
      return;
    }
    socket.setTimeout(0);
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    if (head.length > 0) socket.unshift(head);
    tls.adopt(socket);
  });
  return listener;
}

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const REMOTE_CLIENT: Refusal = {
  status: 403,
  code: "ProxyClientForbidden",
  message: "This proxy serves clients on its own machine only.",
};

/** Only absolute targets of Azure's names are answered here: this machine's own are reached without a proxy. */
function refusalOf(hosts: HostAllowList, { url = "" }: IncomingMessage): Refusal | undefined {
  const target = /^https?:\/\/([^/?#]*)/i.exec(url);
  if (target === null) {
    return { status: 400, code: "InvalidUri", message: "This is a proxy: send an absolute URL, or CONNECT." };
  }
  const authority = parseAuthority(target[1] ?? "");
  if (authority !== undefined && isAzureName(hosts, authority.name)) return undefined;
  return { status: 403, code: "ProxyTargetForbidden", message: "This proxy reaches Azure's services only." };
}

function isAzureName(hosts: HostAllowList, name: string): boolean {
  const answered = hosts.answers(name);
  return answered !== undefined && answered !== "local";
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(127\.|::1$|::ffff:127\.)/.test(address);
}
