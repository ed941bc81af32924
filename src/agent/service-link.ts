/**
 * The agent's one connection to the service: dials, dials again, sends and receives frames. It understands no message.
 *
 *   dialling ──▶ open ──▶ dialling …     `onOrphaned` once no connection has been open for the orphan time
 *       └──────────┴────▶ closed         for good
 */
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { WebSocket } from "ws";
import { unexpected } from "../core/unexpected.ts";
import type { AgentConfiguration } from "../wire/agent/configuration.ts";
import {
  CLOSE_MISFIT,
  CLOSE_NO_DATA,
  FrameFault,
  readFrame,
  writeChunk,
  writeFrames,
} from "../wire/agent/frame.ts";
import type { FromAgent, ToAgent } from "../wire/agent/messages.ts";
import { toAgent } from "../wire/agent/to-agent.ts";

const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 1_000;
const HANDSHAKE_MS = 5_000;
/** A peer that answers no ping within this time is gone, whatever TCP believes. */
const PING_MS = 15_000;
/** After a message that could not be handled: a new connection's greeting makes the service say it again. */
const HEAR_AGAIN_MS = 1_000;
/** Between frames with ends of runs: a frame costs both ends as much as a few ends do, and a pool of short tasks sends many. */
const GATHER_MS = 2;
/** Pieces of files that may be on their way to the socket at a time: what is more urgent waits for no others. */
const CHUNKS_UNDER_WAY = 2;
/** Closed with one of them, the same greeting would be refused again at once. */
const REFUSALS: ReadonlySet<number> = new Set([CLOSE_NO_DATA, CLOSE_MISFIT, 1009]);

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
  #chunksUnderWay = 0;
  #isFlushing = false;
  #flushedAt = 0;
  #gathering: NodeJS.Timeout | undefined;
  readonly #waitingChunks: (() => void)[] = [];
  #hearAgain: NodeJS.Timeout | undefined;
  /** Closed from here, for what the service said. */
  readonly #sentAway = new WeakSet<WebSocket>();
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

  /** All that is said in one turn goes out as one frame; ends of runs wait for more of them. @returns false without a connection: it is lost */
  send(message: FromAgent): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#queue.push(message);
    const wait = message.t === "run.ended" ? this.#flushedAt + GATHER_MS - performance.now() : 0;
    if (wait > 0) this.#gathering ??= setTimeout(() => this.#flush(), wait);
    else if (!this.#isFlushing) {
      this.#isFlushing = true;
      setImmediate(() => this.#flush());
    }
    return true;
  }

  /**
   * A piece of a file, behind all that was said before it. Resolves once the next piece may come; the bytes are only good until
   * then.
   */
  async sendChunk(id: number, bytes: Buffer): Promise<void> {
    while (this.#chunksUnderWay >= CHUNKS_UNDER_WAY)
      await new Promise<void>((resolve) => void this.#waitingChunks.push(resolve));
    this.#flush();
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) {
      this.#waitingChunks.shift()?.();
      return;
    }
    this.#chunksUnderWay++;
    socket.send(writeChunk(id, bytes), () => {
      this.#chunksUnderWay--;
      this.#waitingChunks.shift()?.();
    });
  }

  /** Sends what is queued, then ends the connection for good. */
  close(): void {
    this.#flush();
    this.#closed = true;
    clearTimeout(this.#hearAgain);
    clearTimeout(this.#retry);
    clearTimeout(this.#orphan);
    clearTimeout(this.#gathering);
    this.#socket?.close();
  }

  #dial({ url, socket: path, caFile, token }: AgentConfiguration): void {
    const isHere = path !== undefined;
    const socket = new WebSocket(isHere ? url.replace(/^wss:/, "ws:") : url, {
      ...(isHere ? { createConnection: () => connect(path) } : { ca: readFileSync(caFile) }),
      headers: { authorization: `Bearer ${token}` },
      handshakeTimeout: HANDSHAKE_MS,
      perMessageDeflate: false,
      // Masks keep proxies from taking frames for requests (RFC 6455, section 10.3). Here is nothing in between, or TLS from end to end,
      // and a mask of zeros costs neither end a look at each byte.
      generateMask: (mask) => mask.fill(0),
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
      this.#options.log(`connected to ${path ?? url}`);
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
    socket.on("message", (data, isBinary) => {
      alive = true;
      this.#receive(socket, data as Buffer, isBinary);
    });
    socket.on("error", (error) => {
      trouble = error.message;
    });
    socket.on("close", (code, reason) => {
      clearInterval(heartbeat);
      if (REFUSALS.has(code) && !this.#sentAway.has(socket)) {
        this.#retryMs = RETRY_MAX_MS;
        trouble = `the service refuses what this agent says: ${reason.toString()}`;
      }
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
    this.#isFlushing = false;
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    const messages = this.#queue;
    if (messages.length === 0) return;
    this.#flushedAt = performance.now();
    this.#queue = [];
    for (const frame of writeFrames(messages)) this.#socket?.send(frame);
  }

  /**
   * A frame that does not fit closes the connection. A message that cannot be handled must not end the agent, for the running tasks
   * would end with it, and is no other message's affair.
   */
  #receive(socket: WebSocket, data: Buffer, isBinary: boolean): void {
    if (this.#sentAway.has(socket)) return;
    let messages: readonly ToAgent[];
    try {
      if (isBinary) throw new FrameFault(CLOSE_MISFIT, "The service sends no binary frames.");
      messages = readFrame(data.toString(), toAgent);
    } catch (error) {
      this.#options.log(`a frame does not fit: ${(error as Error).message}`);
      this.#sentAway.add(socket);
      socket.close(error instanceof FrameFault ? error.closeCode : CLOSE_MISFIT);
      return;
    }
    for (const message of messages) {
      try {
        this.#options.receive(message);
      } catch (error) {
        this.#options.log(`${message.t} could not be handled: ${unexpected(error)}`);
        this.#hearAgain ??= setTimeout(() => {
          this.#hearAgain = undefined;
          socket.terminate();
        }, HEAR_AGAIN_MS);
      }
    }
  }
}
