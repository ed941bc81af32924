/**
 * Opens a port: TLS or plain, on both loopback families, with limits that a slow or silent client cannot outlast. It hands
 * requests on as they come and knows nothing about them.
 */
import { once } from "node:events";
import type { IncomingMessage, Server, ServerOptions } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer as createAcceptor, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { nodeHttp } from "../core/node-http.ts";
import type { ServerCertificates } from "./leaf.ts";
import type { RequestListener } from "./request-listener.ts";

export interface ListenOptions {
  /** 0 takes any free port, the same for both families. */
  readonly port: number;
  /** An address beyond loopback to listen on as well. */
  readonly bind?: string | undefined;
  /** Makes it a TLS port. */
  readonly certificates?: ServerCertificates;
  readonly onRequest: RequestListener;
  readonly upgrade?: UpgradeRoutes;
  /** Other limits than the usual ones. */
  readonly limits?: Partial<Limits>;
}

/** Which requests leave HTTP for another protocol on their connection. */
export interface UpgradeRoutes {
  accepts(request: IncomingMessage): boolean;
  handle(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export interface Listener {
  readonly port: number;
  /** Serves a connection that was accepted elsewhere, as if it had come in here. */
  adopt(socket: Socket): void;
  /** Accepts nothing new, lets running exchanges end for a moment, then drops every connection. */
  close(): Promise<void>;
  /** Emits `connect` for CONNECT requests. */
  readonly server: Server;
}

const IPV4_LOOPBACK = "127.0.0.1";
const IPV6_LOOPBACK = "::1";

/** Milliseconds, and bytes of header; the names are Node's. */
type Limits = Required<
  Pick<
    ServerOptions,
    "headersTimeout" | "requestTimeout" | "connectionsCheckingInterval" | "keepAliveTimeout" | "maxHeaderSize"
  >
>;

/** Generous for a slow link, short enough that idle openers give their connection back. */
const LIMITS: Limits = {
  headersTimeout: 15_000,
  requestTimeout: 300_000,
  connectionsCheckingInterval: 5_000,
  /** Clients that poll every minute keep their connection. */
  keepAliveTimeout: 75_000,
  maxHeaderSize: 32 * 1024,
};
const TLS_HANDSHAKE_TIMEOUT_MS = 10_000;
const CLOSE_GRACE_MS = 1_000;
const LEAF_RENEWAL_CHECK_MS = 86_400_000;
/** With port 0, the port that one family gives may be taken in the other. */
const MAX_PORT_ATTEMPTS = 20;

/** @throws the system's error, e.g. `EADDRINUSE` or `EACCES`, when the port cannot be had */
export async function listen(options: ListenOptions): Promise<Listener> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await listenOnce(options);
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
      if (!isTaken || options.port !== 0 || attempt === MAX_PORT_ATTEMPTS) throw error;
    }
  }
}

async function listenOnce(options: ListenOptions): Promise<Listener> {
  const [firstAddress, ...otherAddresses] = addressesOf(options.bind);
  const { server, sockets } = serve(options);
  const acceptors: { close(done: () => void): unknown }[] = [];
  const close = async () => {
    const closed = acceptors.map((acceptor) => new Promise<void>((done) => acceptor.close(done)));
    server.closeIdleConnections();
    await Promise.race([Promise.all(closed), delay(CLOSE_GRACE_MS, undefined, { ref: false })]);
    for (const socket of sockets) socket.destroy();
    await Promise.all(closed);
  };

  server.listen(options.port, firstAddress);
  await once(server, "listening");
  acceptors.push(server);
  const { port } = server.address() as AddressInfo;
  for (const address of otherAddresses) {
    // Its connections are handed to the one server, whose limits and TLS state thus hold for all of them.
    const acceptor = createAcceptor({ allowHalfOpen: true, noDelay: true }, (socket) =>
      server.emit("connection", socket),
    );
    try {
      acceptor.listen(port, address);
      await once(acceptor, "listening");
      acceptors.push(acceptor);
    } catch (error) {
      if (address === IPV6_LOOPBACK && isMissingFamily(error)) continue;
      await close();
      throw error;
    }
  }
  return { port, server, close, adopt: (socket) => void server.emit("connection", socket) };
}

function addressesOf(bind: string | undefined): readonly [string, ...string[]] {
  if (bind === undefined || bind === IPV4_LOOPBACK || bind === IPV6_LOOPBACK || bind === "localhost") {
    return [IPV4_LOOPBACK, IPV6_LOOPBACK];
  }
  if (bind === "0.0.0.0") return [bind, IPV6_LOOPBACK];
  if (bind === "::") return [bind];
  return [IPV4_LOOPBACK, IPV6_LOOPBACK, bind];
}

function isMissingFamily(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT";
}

/** A server with the limits of every door, that listens nowhere yet, and its connections. */
export function serve({ certificates, onRequest, upgrade, limits }: Omit<ListenOptions, "port" | "bind">): {
  readonly server: Server;
  readonly sockets: ReadonlySet<Socket>;
} {
  const options: ServerOptions = {
    ...LIMITS,
    ...limits,
    shouldUpgradeCallback: (request) => upgrade?.accepts(request) ?? false,
  };
  const server = certificates ? tlsServer(certificates, options) : nodeHttp.createServer(options);
  server.on("request", onRequest);
  server.on("clientError", answerUnreadable);
  if (upgrade) server.on("upgrade", upgrade.handle);
  return { server, sockets: trackSockets(server) };
}

function tlsServer(certificates: ServerCertificates, options: ServerOptions): Server {
  const server = createHttpsServer({
    ...options,
    ...certificates.local(),
    handshakeTimeout: TLS_HANDSHAKE_TIMEOUT_MS,
    SNICallback: (serverName, answer) => {
      const context = certificates.named(serverName);
      if (context) answer(null, context);
      else answer(new Error("a server name that is not ours"));
    },
  });
  const renewal = setInterval(() => server.setSecureContext(certificates.local()), LEAF_RENEWAL_CHECK_MS);
  renewal.unref();
  server.on("close", () => clearInterval(renewal));
  return server;
}

function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return sockets;
}

/** Bytes that are no request, or one that took too long: said in one line where HTTP was spoken, else dropped. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  const status =
    UNREADABLE_STATUS[error.code ?? ""] ?? (error.code?.startsWith("HPE_") ? "400 Bad Request" : undefined);
  if (status === undefined || !socket.writable) socket.destroy();
  else socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

const UNREADABLE_STATUS: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  HPE_CHUNK_EXTENSIONS_OVERFLOW: "413 Payload Too Large",
};
