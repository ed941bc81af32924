/**
 * A port of this machine's loopback whose datagrams go to a port of a node: each source has a socket of its own in the node, by which
 * answers find back to it. Nothing is kept for anybody who is silent, and what cannot be passed on at once is lost, as datagrams are.
 */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { mayEnter } from "../../core/pools/endpoint-rules.ts";
import type { EndpointRule } from "../../wire/agent/messages.ts";

/** Of one endpoint; each takes a descriptor of the agent's. Who comes when there are so many is not heard. */
const SESSIONS_MAX = 128;
/** Of them of one address; the one that has been silent longest makes room. */
const SESSIONS_OF_ADDRESS_MAX = 64;
/** Sources for which a socket is being had. */
const OPENING_MAX = 16;
/** Datagrams of one source that wait for it. */
const WAITING_MAX = 16;
/** Bytes that the kernel has not taken yet, each way. */
const QUEUE_MAX = 1 << 20;
/** Azure, "Load Balancer TCP reset and idle timeout": so long its mapping of a silent source stays. Milliseconds. */
const SILENCE_MS = 240_000;

/** Sources on this machine whose datagrams an endpoint of this agent has passed on. */
const PASSED_ON = new Set<string>();
const sourceOf = (address: string, port: number) => `${address} ${port}`;

/** A socket of the node's with the loopback address that is given, at any port. */
export type BindInside = (host: string) => Promise<Socket>;

interface Session {
  inner: Socket | undefined;
  readonly waiting: Buffer[];
  readonly silence: NodeJS.Timeout;
}

export class DatagramEndpoint {
  readonly port: number;
  readonly #outer: Socket;
  readonly #host: string;
  readonly #backendPort: number;
  readonly #rules: readonly EndpointRule[];
  readonly #bindInside: BindInside;
  /** By address and port; of one address the one that was heard last comes last. */
  readonly #sources = new Map<string, Map<number, Session>>();
  #sessions = 0;
  #opening = 0;
  #isClosed = false;

  /**
   * @param host the loopback address on both sides
   * @param frontendPort 0 for any
   * @throws Error when the address cannot be had
   */
  static async open(
    host: string,
    frontendPort: number,
    { backendPort, rules }: { readonly backendPort: number; readonly rules: readonly EndpointRule[] },
    bindInside: BindInside,
  ): Promise<DatagramEndpoint> {
    const outer = await boundSocket(host, frontendPort);
    return new DatagramEndpoint(outer, host, backendPort, rules, bindInside);
  }

  private constructor(
    outer: Socket,
    host: string,
    backendPort: number,
    rules: readonly EndpointRule[],
    bindInside: BindInside,
  ) {
    this.#outer = outer;
    this.#host = host;
    this.#backendPort = backendPort;
    this.#rules = rules;
    this.#bindInside = bindInside;
    this.port = outer.address().port;
    outer.on("message", (datagram, from) => this.#pass(datagram, from));
  }

  close(): void {
    this.#isClosed = true;
    this.#outer.close();
    for (const [address, ports] of this.#sources)
      for (const port of [...ports.keys()]) this.#end(address, port);
  }

  #pass(datagram: Buffer, { address, port }: RemoteInfo): void {
    const session = this.#sources.get(address)?.get(port) ?? this.#begin(address, port);
    if (session === undefined) return;
    this.#heard(address, port, session);
    if (session.inner) send(session.inner, datagram, this.#backendPort, this.#host);
    else if (session.waiting.length < WAITING_MAX) session.waiting.push(datagram);
  }

  #heard(address: string, port: number, session: Session): void {
    session.silence.refresh();
    const ports = this.#sources.get(address);
    ports?.delete(port);
    ports?.set(port, session);
  }

  #begin(address: string, port: number): Session | undefined {
    // A source without a port cannot be answered: it is forged, or wants no answer.
    if (port === 0 || PASSED_ON.has(sourceOf(address, port))) return undefined;
    if (this.#opening >= OPENING_MAX || !mayEnter(this.#rules, address, port)) return undefined;
    const [oldest] = this.#sources.get(address)?.keys() ?? [];
    const isItsShare = (this.#sources.get(address)?.size ?? 0) >= SESSIONS_OF_ADDRESS_MAX;
    if (isItsShare && oldest !== undefined) this.#end(address, oldest);
    if (this.#sessions >= SESSIONS_MAX) return undefined;
    const silence = setTimeout(() => this.#end(address, port), SILENCE_MS).unref();
    const session: Session = { inner: undefined, waiting: [], silence };
    const ports = this.#sources.get(address) ?? new Map<number, Session>();
    this.#sources.set(address, ports.set(port, session));
    this.#sessions++;
    this.#opening++;
    void this.#open(session, address, port).finally(() => this.#opening--);
    return session;
  }

  async #open(session: Session, address: string, port: number): Promise<void> {
    const isOver = () => this.#isClosed || this.#sources.get(address)?.get(port) !== session;
    try {
      const inner = await this.#bindInside(this.#host);
      inner.on("error", () => this.#endIf(session, address, port));
      if (isOver()) {
        inner.close();
        return;
      }
      session.inner = inner;
      // Others in the node could write to this socket too: only the port that the endpoint leads to answers.
      inner.on("message", (datagram, from) => {
        if (from.port !== this.#backendPort || from.address !== this.#host || isOver()) return;
        this.#heard(address, port, session);
        send(this.#outer, datagram, port, address);
      });
      for (const datagram of session.waiting.splice(0)) send(inner, datagram, this.#backendPort, this.#host);
    } catch {
      this.#endIf(session, address, port);
    }
  }

  #endIf(session: Session, address: string, port: number): void {
    if (this.#sources.get(address)?.get(port) === session) this.#end(address, port);
  }

  #end(address: string, port: number): void {
    const ports = this.#sources.get(address);
    const session = ports?.get(port);
    if (ports === undefined || session === undefined) return;
    ports.delete(port);
    if (ports.size === 0) this.#sources.delete(address);
    this.#sessions--;
    clearTimeout(session.silence);
    session.inner?.close();
  }
}

function send(socket: Socket, datagram: Buffer, port: number, host: string): void {
  if (socket.getSendQueueSize() < QUEUE_MAX) socket.send(datagram, port, host, () => {});
}

/**
 * A socket of a node that is a part of this machine. Such nodes share its loopback with the endpoints themselves: what comes from here has been
 * passed on once, and no endpoint of this agent passes it on again, or two that lead to each other would do so for ever.
 * @throws as `boundSocket`
 */
export async function socketOfPart(host: string): Promise<Socket> {
  const socket = await boundSocket(host, 0);
  const source = sourceOf(host, socket.address().port);
  PASSED_ON.add(source);
  socket.once("close", () => PASSED_ON.delete(source));
  return socket;
}

/** @param port 0 for any. @throws Error when the address cannot be had */
export function boundSocket(host: string, port: number): Promise<Socket> {
  const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ port, address: host, exclusive: true }, () => {
      socket.off("error", reject);
      socket.on("error", () => {}); // of one datagram, such as one that its receiver's kernel has refused
      resolve(socket);
    });
  });
}
