/**
 * One agent's connection, from its hello on: what is to be said to it, in frames; what waits for its answers; whether it is to give
 * way to another agent. It acts on no message.
 *
 *   current ──▶ closed
 *   draining ──(its last run has ended)──▶ told to shut down ──▶ closed
 */
import type { WebSocket } from "ws";
import type { AgentStanding } from "../../core/lifecycle/agent-protocol.ts";
import { writeFrames } from "../../wire/agent/frame.ts";
import type { FromAgent, RunId, RunReport, ToAgent } from "../../wire/agent/messages.ts";
import { FileExchanges } from "./file-exchanges.ts";
import { LoginExchanges } from "./login-exchanges.ts";
import { LogsExchanges } from "./logs-exchanges.ts";

type Hello = Extract<FromAgent, { t: "hello" }>;

/** What an agent that is to give way is not given any more. */
const NEW_WORK: ReadonlySet<ToAgent["t"]> = new Set(["node.start", "run.start"]);

export class AgentConnection {
  readonly agentId: string;
  readonly incarnation: string;
  readonly files: FileExchanges;
  readonly logins: LoginExchanges;
  readonly logs: LogsExchanges;
  readonly #socket: WebSocket;
  /** Of an agent that is to give way: what it still runs. */
  readonly #draining: Set<RunId> | undefined;
  #isToldToGo = false;
  /** Ends that no write has taken in yet. */
  readonly untaken: RunReport[] = [];
  #outgoing: ToAgent[] = [];

  constructor(socket: WebSocket, hello: Hello, standing: AgentStanding) {
    this.agentId = hello.agentId;
    this.incarnation = hello.incarnation;
    this.#socket = socket;
    this.#draining = standing === "draining" ? new Set(hello.runs) : undefined;
    this.files = new FileExchanges((message) => this.send(message));
    this.logins = new LoginExchanges((message) => this.send(message));
    this.logs = new LogsExchanges((message) => this.send(message));
  }

  get isDraining(): boolean {
    return this.#draining !== undefined;
  }

  /** One frame per tick: a placement round tells an agent of many runs at once. */
  send(message: ToAgent): void {
    if (this.isDraining && NEW_WORK.has(message.t)) return;
    if (this.#outgoing.push(message) === 1) setImmediate(() => this.#flush());
    if (message.t === "run.ack") this.hasEnded(message.runs);
  }

  /** Everyone is told; who was told last needs not be told again. */
  recheckTokens(): void {
    if (this.#outgoing.at(-1)?.t !== "identity.recheck") this.send({ t: "identity.recheck" });
  }

  /** The ends of these runs are durable. */
  hasEnded(runs: readonly RunId[]): void {
    if (!this.#draining || this.#isToldToGo) return;
    for (const run of runs) this.#draining.delete(run);
    this.#isToldToGo = this.#draining.size === 0;
    if (this.#isToldToGo) this.send({ t: "shutdown" });
  }

  /** Nobody will answer any more. */
  close(): void {
    this.files.close();
    this.logins.close();
    this.logs.close();
  }

  /** Without a word to the agent, which will connect again. */
  terminate(): void {
    this.#socket.terminate();
  }

  #flush(): void {
    const messages = this.#outgoing;
    this.#outgoing = [];
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    for (const frame of writeFrames(messages)) this.#socket.send(frame);
  }
}
