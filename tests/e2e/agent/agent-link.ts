/** A connection to a service as an agent that knows its secret, and says what the test wants. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { WebSocket } from "ws";
import type { AgentConfiguration } from "../../../src/wire/agent/configuration.ts";
import type { ToAgent } from "../../../src/wire/agent/messages.ts";
import { until } from "../killable-service.ts";

export class AgentLink {
  readonly #socket: WebSocket;
  readonly #heard: ToAgent[] = [];
  /** With which code the service has closed it. */
  readonly closed: Promise<number>;

  static async open({ url, caFile, token }: AgentConfiguration): Promise<AgentLink> {
    const headers = { authorization: `Bearer ${token}` };
    const socket = new WebSocket(url, { ca: readFileSync(caFile), headers });
    const link = new AgentLink(socket);
    await once(socket, "open");
    return link;
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("error", () => {}); // what it was told is in `closed`
    socket.on("message", (frame) => this.#heard.push(...(JSON.parse(frame.toString()) as ToAgent[])));
    this.closed = once(socket, "close").then(([code]) => code as number);
  }

  /** Whatever it is: the service must not believe it. */
  say(...messages: readonly object[]): void {
    this.#socket.send(JSON.stringify(messages));
  }

  /** A frame that need not be one. */
  sayRaw(frame: string | Buffer): void {
    this.#socket.send(frame);
  }

  heard(wanted: (message: ToAgent) => boolean): Promise<ToAgent> {
    return until("a word of the service", () => this.#heard.find(wanted));
  }

  /** What was heard until now. */
  forget(): void {
    this.#heard.length = 0;
  }

  hasHeard(wanted: (message: ToAgent) => boolean): boolean {
    return this.#heard.some(wanted);
  }

  close(): void {
    this.#socket.terminate();
  }
}
