/**
 * The way from inside a node's sandbox to the service: on the node's own loopback the ports that the service has on its
 * machine, and 443 for Azure's names. Bytes go through as they are; TLS is between the task and the service.
 */
import { connect, type Server, type Socket } from "node:net";
import type { ServiceReach } from "../../wire/agent/configuration.ts";
import { joinStreams } from "./joined-streams.ts";

/** Opens a listening socket inside the sandbox. */
export type Listen = (address: string) => Promise<Server>;

const HTTPS_PORT = 443;
/** Of one node at a time; each takes two descriptors of the agent's. Who comes when there are so many is turned away. */
const CONNECTIONS_MAX = 512;

export class ServiceRelay {
  readonly #listen: Listen;
  readonly #from: string | undefined;
  /** By port inside: the name of the service's port, which may have another number since. */
  readonly #names = new Map<number, string>();
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  #host: string | undefined;
  #ports: ServiceReach["ports"] = {};

  /** @param from loopback address of this machine from which it speaks to a service there */
  constructor(listen: Listen, from?: string) {
    this.#listen = listen;
    this.#from = from;
  }

  /** Called again whenever the service has started anew: what it is called by now is reachable then. */
  async follow({ host, ports }: ServiceReach): Promise<void> {
    this.#host = host;
    this.#ports = ports;
    const wanted = Object.entries(ports).map(([name, port]) => [port, name] as const);
    if (ports.main !== undefined) wanted.push([HTTPS_PORT, "main"]);
    await Promise.all(wanted.map(([port, name]) => this.#open(port, name)));
  }

  close(): void {
    for (const server of this.#servers) server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #open(port: number, name: string): Promise<void> {
    const isOpen = this.#names.has(port);
    this.#names.set(port, name);
    if (isOpen) return;
    const server = await this.#listen(`127.0.0.1:${port}`);
    server.on("connection", (inner) => this.#relay(inner, this.#ports[this.#names.get(port) ?? ""]));
    this.#servers.push(server);
  }

  #relay(inner: Socket, port: number | undefined): void {
    if (port === undefined || this.#sockets.size >= 2 * CONNECTIONS_MAX) {
      inner.destroy();
      return;
    }
    const outer =
      this.#host === undefined
        ? connect({ host: "127.0.0.1", port, ...(this.#from !== undefined && { localAddress: this.#from }) })
        : connect({ host: this.#host, port });
    joinStreams(inner, outer, this.#sockets);
  }
}
