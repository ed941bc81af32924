/**
 * The agent's one connection to the service: dials, dials again, sends and receives frames. It understands no message.
 *
 *   dialling ──▶ open ──▶ dialling …     `onOrphaned` once no connection has been open for the orphan time
 *       └──────────┴────▶ closed         for good
 */
import { readFileSync } from "node:fs";
import { WebSocket } from "ws";
import { unexpected } from "../core/unexpected.ts";
import type { AgentConfiguration } from "../wire/agent/configuration.ts";
import type { FromAgent, ToAgent } from "../wire/agent/messages.ts";

const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 1_000;
const HANDSHAKE_MS = 5_000;
/** A peer that answers no ping within this time is gone, whatever TCP believes. */
const PING_MS = 15_000;

export interface ServiceLinkOptions {
  /** Read before each attempt: a new service may listen elsewhere. */
  readonly configuration: () => AgentConfiguration;
  /** The first messages of each connection. */
  readonly greeting: () => readonly FromAgent[];
  readonly receive: (message: ToAgent) => void;
  readonly onDisconnected: () => void;
  readonly orphanMs: number;
  readonly onOrphaned: () => void;
  readonly log: (line: string) => void;
}

export class ServiceLink {
  readonly #options: ServiceLinkOptions;
  #socket: WebSocket | undefined;
  #queue: FromAgent[] = [];
  #retryMs = RETRY_MIN_MS;
  #retry: NodeJS.Timeout | undefined;
  #orphan: NodeJS.Timeout | undefined;
  #closed = false;
  /** The last reason for not being connected, so that it is logged once and not at every attempt. */
  #trouble = "";

  constructor(options: ServiceLinkOptions) {
    this.#options = options;
  }

  open(): void {
    this.#orphan ??= setTimeout(this.#options.onOrphaned, this.#options.orphanMs);
    try {
      this.#dial(this.#options.configuration());
    } catch (error) {
      this.#dialAgain(error instanceof Error ? error.message : String(error));
    }
  }

  /** All that is said in one turn goes out as one frame. @returns false without a connection: it is lost */
  send(message: FromAgent): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    if (this.#queue.push(message) === 1) setImmediate(() => this.#flush());
    return true;
  }

  /** Sends what is queued, then ends the connection for good. */
  close(): void {
    this.#flush();
    this.#closed = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#orphan);
    this.#socket?.close();
  }

  #dial({ url, caFile, token }: AgentConfiguration): void {
    const socket = new WebSocket(url, {
      ca: readFileSync(caFile),
      headers: { authorization: `Bearer ${token}` },
      handshakeTimeout: HANDSHAKE_MS,
      perMessageDeflate: false,
    });
    let alive = true;
    let heartbeat: NodeJS.Timeout | undefined;
    let trouble = "the service closed the connection";

    socket.on("open", () => {
      this.#socket = socket;
      this.#retryMs = RETRY_MIN_MS;
      this.#trouble = "";
      clearTimeout(this.#orphan);
      this.#orphan = undefined;
      this.#options.log(`connected to ${url}`);
      this.#queue = [...this.#options.greeting()];
      this.#flush();
      heartbeat = setInterval(() => {
        if (!alive) socket.terminate();
        alive = false;
        socket.ping();
      }, PING_MS);
    });
    socket.on("pong", () => {
      alive = true;
    });
    socket.on("message", (data) => {
      alive = true;
      this.#receive(data.toString());
    });
    socket.on("error", (error) => {
      trouble = error.message;
    });
    socket.on("close", () => {
      clearInterval(heartbeat);
      if (this.#socket === socket) {
        this.#socket = undefined;
        this.#queue = [];
        this.#options.onDisconnected();
      }
      this.#dialAgain(trouble);
    });
  }

  #dialAgain(trouble: string): void {
    if (this.#closed) return;
    if (trouble !== this.#trouble) this.#options.log(`no connection: ${trouble}`);
    this.#trouble = trouble;
    this.#orphan ??= setTimeout(this.#options.onOrphaned, this.#options.orphanMs);
    this.#retry = setTimeout(() => this.open(), this.#retryMs);
    this.#retryMs = Math.min(2 * this.#retryMs, RETRY_MAX_MS);
  }

  #flush(): void {
    const messages = this.#queue;
    if (messages.length === 0) return;
    this.#queue = [];
    this.#socket?.send(JSON.stringify(messages));
  }

  /** A frame that cannot be handled must not end the agent, for the running tasks would end with it. */
  #receive(frame: string): void {
    try {
      const messages: readonly ToAgent[] = JSON.parse(frame);
      for (const message of messages) this.#options.receive(message);
    } catch (error) {
      this.#options.log(`a frame could not be handled: ${unexpected(error)}`);
    }
  }
}
