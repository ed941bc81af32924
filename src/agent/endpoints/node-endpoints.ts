/**
 * The endpoints of one node: ports on this machine's loopback that lead to ports of the node, for whoever its rules let in. Bytes go through
 * as they are.
 */
import { connect, createServer, type Server, type Socket } from "node:net";
import { mayEnter } from "../../core/pools/endpoint-rules.ts";
import type { EndpointSpec, OpenEndpoint } from "../../wire/agent/messages.ts";
import { joinStreams } from "../sandbox/joined-streams.ts";
import type { ConnectInside } from "../transfer/inside-network.ts";

/** Of one node at a time; each takes two descriptors of the agent's. Who comes when there are so many is turned away. */
const CONNECTIONS_MAX = 256;
const LOOPBACK = "127.0.0.1";

export class NodeEndpoints {
  readonly #connectInside: ConnectInside | undefined;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  #isClosed = false;

  /** @param connectInside absent for a node that is a part of this machine */
  constructor(connectInside: ConnectInside | undefined) {
    this.#connectInside = connectInside;
  }

  /** An endpoint that cannot be had is not among those that are told: its node stands all the same. */
  async open(specs: readonly EndpointSpec[]): Promise<OpenEndpoint[]> {
    const opened = await Promise.all(specs.map((spec) => this.#open(spec).catch(() => undefined)));
    return opened.flatMap((endpoint) => endpoint ?? []);
  }

  close(): void {
    this.#isClosed = true;
    for (const server of this.#servers) server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #open(spec: EndpointSpec): Promise<OpenEndpoint> {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (outer) =>
      this.#serve(spec, outer),
    );
    await listenAt(server, spec.frontendPort).catch(() => listenAt(server, 0));
    this.#servers.push(server);
    if (this.#isClosed) server.close();
    const { port } = server.address() as { port: number };
    return { name: spec.name, port };
  }

  #serve({ backendPort, rules }: EndpointSpec, outer: Socket): void {
    outer.on("error", () => {}); // before it is joined
    const { remoteAddress = "", remotePort = 0 } = outer;
    if (!mayEnter(rules, remoteAddress, remotePort) || this.#sockets.size >= 2 * CONNECTIONS_MAX) {
      outer.destroy();
      return;
    }
    // It counts from now on, whatever becomes of the other one.
    this.#sockets.add(outer);
    outer.once("close", () => this.#sockets.delete(outer));
    this.#connect(backendPort).then(
      (inner) => {
        joinStreams(outer, inner, this.#sockets);
        if (this.#isClosed || outer.destroyed) inner.destroy();
        else outer.resume();
      },
      () => outer.destroy(),
    );
  }

  async #connect(port: number): Promise<Socket> {
    if (this.#connectInside) return this.#connectInside(`${LOOPBACK}:${port}`);
    return connect({ host: LOOPBACK, port });
  }
}

function listenAt(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host: LOOPBACK }, () => {
      server.off("error", reject);
      server.on("error", () => {}); // of an accept, such as for want of descriptors
      resolve();
    });
  });
}
