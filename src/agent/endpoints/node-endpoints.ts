/**
 * The endpoints of one node: ports on this machine's loopback that lead to ports of the node, for whoever its rules let in. Bytes and
 * datagrams go through as they are.
 */
import { connect, createServer, type Server, type Socket } from "node:net";
import { mayEnter } from "../../core/pools/endpoint-rules.ts";
import type { EndpointSpec, OpenEndpoint } from "../../wire/agent/messages.ts";
import type { NodeInit } from "../node-init.ts";
import { joinStreams } from "../sandbox/joined-streams.ts";
import type { ConnectInside } from "../transfer/inside-network.ts";
import { type BindInside, DatagramEndpoint, socketOfPart } from "./datagram-endpoint.ts";
import { type LoopbackHost, loopbackServers, openOnEach } from "./loopback-servers.ts";

/** Of one node at a time; each takes two descriptors of the agent's. Who comes when there are so many is turned away. */
const CONNECTIONS_MAX = 256;

/** The node's own network; absent for a node that is a part of this machine. */
interface Inside {
  readonly connect: ConnectInside;
  readonly bind: BindInside;
}

export const insideOf = (init: NodeInit): Inside => ({
  connect: (address) => init.connect(address),
  bind: (host) => init.bind(host === "::1" ? `[${host}]:0` : `${host}:0`),
});

export class NodeEndpoints {
  readonly #inside: Inside | undefined;
  readonly #hosts: readonly LoopbackHost[];
  readonly #open: { close(): void }[] = [];
  readonly #sockets = new Set<Socket>();
  #isClosed = false;

  /** @param hosts at which they are reached; what comes to one of IPv6 goes to the node's own IPv6 */
  constructor(inside: Inside | undefined, hosts: readonly LoopbackHost[]) {
    this.#inside = inside;
    this.#hosts = hosts;
  }

  /** An endpoint that cannot be had is not among those that are told: its node stands all the same. */
  async open(specs: readonly EndpointSpec[]): Promise<OpenEndpoint[]> {
    const opened = await Promise.all(specs.map((spec) => this.#openOne(spec).catch(() => undefined)));
    return opened.flatMap((endpoint) => endpoint ?? []);
  }

  close(): void {
    this.#isClosed = true;
    for (const each of this.#open) each.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #openOne(spec: EndpointSpec): Promise<OpenEndpoint> {
    const opened = spec.protocol === "udp" ? await this.#openDatagrams(spec) : await this.#openStreams(spec);
    this.#open.push(...opened.all);
    if (this.#isClosed) for (const each of opened.all) each.close();
    return { name: spec.name, port: opened.port };
  }

  #openDatagrams(spec: EndpointSpec) {
    const bindInside = this.#inside?.bind ?? socketOfPart;
    return openOnEach(this.#hosts, spec.frontendPort, async (host, port) => {
      const endpoint = await DatagramEndpoint.open(host, port, spec, bindInside);
      return [endpoint, endpoint.port];
    });
  }

  #openStreams(spec: EndpointSpec) {
    const server = (host: LoopbackHost): Server =>
      createServer({ allowHalfOpen: true, pauseOnConnect: true }, (outer) => this.#serve(spec, host, outer));
    return loopbackServers(this.#hosts, spec.frontendPort, server);
  }

  #serve({ backendPort, rules }: EndpointSpec, host: LoopbackHost, outer: Socket): void {
    outer.on("error", () => {}); // before it is joined
    const { remoteAddress = "", remotePort = 0 } = outer;
    if (!mayEnter(rules, remoteAddress, remotePort) || this.#sockets.size >= 2 * CONNECTIONS_MAX) {
      outer.destroy();
      return;
    }
    // It counts from now on, whatever becomes of the other one.
    this.#sockets.add(outer);
    outer.once("close", () => this.#sockets.delete(outer));
    this.#connect(host, backendPort).then(
      (inner) => {
        joinStreams(outer, inner, this.#sockets);
        if (this.#isClosed || outer.destroyed) inner.destroy();
        else outer.resume();
      },
      () => outer.destroy(),
    );
  }

  async #connect(host: LoopbackHost, port: number): Promise<Socket> {
    if (this.#inside) return this.#inside.connect(host === "::1" ? `[${host}]:${port}` : `${host}:${port}`);
    return connect({ host, port });
  }
}
