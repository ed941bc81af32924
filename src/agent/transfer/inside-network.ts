/**
 * The network of a node that has one of its own, as its tasks' files use it: connections start inside the node, so that they reach
 * what the node reaches. Each node keeps its own open ones; another's must never be taken.
 */
import type * as http from "node:http";
import * as https from "node:https";
import { isIPv4, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { nodeHttp } from "../../core/node-http.ts";

/** Connects from inside. @param address `<IPv4>:<port>` or `[<IPv6>]:<port>` */
export type ConnectInside = (address: string) => Promise<Socket>;

type Connected = (error: Error | null, stream: Duplex) => void;

/** What both kinds of agent are told of a connection. */
type Target = ConnectionOptions & { readonly host?: string; readonly port?: number };

const KEPT = { keepAlive: true, timeout: 5_000 };

export class InsideNetwork {
  readonly agents: { readonly "http:": http.Agent; readonly "https:": https.Agent };
  readonly #obstacle: () => string | undefined;

  /** @param obstacle why the node reaches nothing; undefined while it reaches something */
  constructor(connect: ConnectInside, obstacle: () => string | undefined) {
    this.agents = { "http:": new PlainAgent(connect), "https:": new TlsAgent(connect) };
    this.#obstacle = obstacle;
  }

  get obstacle(): string | undefined {
    return this.#obstacle();
  }

  close(): void {
    for (const agent of Object.values(this.agents)) agent.destroy();
  }
}

class PlainAgent extends nodeHttp.Agent {
  readonly #connect: ConnectInside;

  constructor(connect: ConnectInside) {
    super(KEPT);
    this.#connect = connect;
  }

  override createConnection(target: object, connected: Connected): undefined {
    socketTo(target, this.#connect).then((socket) => connected(null, socket), connected as () => void);
  }
}

class TlsAgent extends https.Agent {
  readonly #connect: ConnectInside;

  constructor(connect: ConnectInside) {
    super(KEPT);
    this.#connect = connect;
  }

  override createConnection(target: object, connected: Connected): undefined {
    const { host, servername, ca } = target as Target;
    const secured = (socket: Socket) =>
      connectTls({ socket, ALPNProtocols: ["http/1.1"], host, servername, ca } as ConnectionOptions);
    socketTo(target, this.#connect).then(
      (socket) => connected(null, secured(socket)),
      connected as () => void,
    );
  }
}

function socketTo(target: object, connect: ConnectInside): Promise<Socket> {
  const { host = "", port = 0 } = target as Target;
  if (!isIPv4(host)) return Promise.reject(new Error(`The node's network has no way to ${host}.`));
  return connect(`${host}:${port}`);
}
