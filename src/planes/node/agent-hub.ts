/**
 * The service's end of the agents' connections: who is connected, what they say, what they are told. It understands messages
 * only so far as to hand them to the use cases; it decides nothing about tasks.
 *
 *   upgraded ──hello──▶ connected ──▶ closed
 *      └── a frame that does not fit, silence, a foreign protocol ──┘
 */
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex, Readable } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { App } from "../../app/app.ts";
import {
  type NodeTokenServices,
  nodeRequestAudited,
  nodeRequestRefused,
  nodeTokenIssue,
} from "../../app/identities/node-token.ts";
import { agentConnected } from "../../app/node-life/agent-connected.ts";
import { agentReports } from "../../app/node-life/agent-reports.ts";
import { nodeBecameReady, nodeFailed, nodeStopped } from "../../app/node-life/node-events.ts";
import type { AgentGateway, FileRange, NodeLogin } from "../../app/ports/agent-gateway.ts";
import { Fault } from "../../core/fault.ts";
import { agentStanding } from "../../core/lifecycle/agent-protocol.ts";
import { unexpected } from "../../core/unexpected.ts";
import {
  CLOSE_MISFIT,
  FRAME_MAX_BYTES,
  FrameFault,
  readChunk,
  readFrame,
  readMessages,
} from "../../wire/agent/frame.ts";
import { anyHello, fromAgent } from "../../wire/agent/from-agent.ts";
import type {
  FileProperties,
  FileRef,
  FromAgent,
  NodeLogsAsk,
  NodeUserSpec,
  RunReport,
  ToAgent,
} from "../../wire/agent/messages.ts";
import { AgentConnection } from "./agent-connection.ts";
import type { AgentTokens } from "./agent-tokens.ts";
import type { FileExchanges } from "./file-exchanges.ts";

export interface AgentHubOptions {
  readonly tokens: AgentTokens;
  readonly identityTokens: NodeTokenServices;
  /**
   * Hears of each peer that is turned away: without a `problem` it had no agent's token, with one it had, and sent what no agent
   * sends.
   */
  readonly onRefused: (socket: Socket, problem?: string) => void;
  readonly log: (line: string) => void;
}

/** After a message that could not be stored, before the agent is made to say it again. Milliseconds. */
const SAY_AGAIN_MS = 1_000;
/** From the upgrade to the hello; and an agent pings four times as often. Milliseconds. */
const SILENCE_MS = 60_000;

type Said<T extends FromAgent["t"]> = Extract<FromAgent, { t: T }>;

export class AgentHub implements AgentGateway {
  readonly #options: AgentHubOptions;
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_MAX_BYTES,
    perMessageDeflate: false,
  });
  readonly #agents = new Map<string, AgentConnection>();
  #app: App | undefined;

  constructor(options: AgentHubOptions) {
    this.#options = options;
  }

  /** The use cases need the hub and the hub needs them: this ties the knot before the first connection. */
  attach(app: App): void {
    this.#app = app;
  }

  /** For the `upgrade` of the agents' path. A wrong token gets 401 and no word more. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const agentId = this.#authenticate(request.headers.authorization ?? "");
    if (agentId === undefined) {
      this.#options.onRefused(request.socket);
      socket.end("HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) =>
      this.#serve(agentId, webSocket, request.socket),
    );
  }

  incarnationOf(agentId: string): string | undefined {
    const agent = this.#agents.get(agentId);
    return agent?.isDraining === false ? agent.incarnation : undefined;
  }

  send(agentId: string, message: ToAgent): void {
    this.#agents.get(agentId)?.send(message);
  }

  /** What tokens of identities depend on has changed. */
  recheckTokens(): void {
    for (const agent of this.#agents.values()) agent.recheckTokens();
  }

  async nodeLogin(agentId: string, nodeKey: string, users?: readonly NodeUserSpec[]): Promise<NodeLogin> {
    return this.#connected(agentId).logins.ask(nodeKey, users);
  }

  async nodeLogs(agentId: string, nodeKey: string, logs: NodeLogsAsk): Promise<number> {
    const agent = this.#connected(agentId);
    // It may be one that has never heard of them.
    if (agent.isDraining)
      throw new Fault(
        "OperationInvalidForCurrentState",
        "The node's agent is being replaced by a newer one.",
      );
    return agent.logs.ask(nodeKey, logs);
  }

  async fileList(
    agentId: string,
    file: FileRef,
    options: { readonly recursive: boolean; readonly after?: string; readonly limit: number },
  ): Promise<{ readonly entries: readonly FileProperties[]; readonly more: boolean }> {
    return this.#files(agentId).list(file, options);
  }

  async fileStat(agentId: string, file: FileRef): Promise<FileProperties> {
    return this.#files(agentId).stat(file);
  }

  async fileRead(
    agentId: string,
    file: FileRef,
    range: FileRange,
  ): Promise<{ readonly properties: FileProperties; readonly body: Readable }> {
    return this.#files(agentId).read(file, range);
  }

  async fileDelete(agentId: string, file: FileRef, recursive: boolean): Promise<void> {
    await this.#files(agentId).delete(file, recursive);
  }

  /** Whoever is connected as this agent is heard no more. */
  disconnect(agentId: string): void {
    this.#agents.get(agentId)?.terminate();
    this.#agents.delete(agentId);
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.terminate();
    this.#server.close();
  }

  #files(agentId: string): FileExchanges {
    return this.#connected(agentId).files;
  }

  #connected(agentId: string): AgentConnection {
    const agent = this.#agents.get(agentId);
    if (!agent) throw new Fault("OperationInvalidForCurrentState", "The node is not connected just now.");
    return agent;
  }

  #authenticate(authorization: string): string | undefined {
    const token = /^Bearer ([\w-]{1,256})$/.exec(authorization)?.[1];
    return token === undefined ? undefined : this.#options.tokens.agentOf(token);
  }

  /** The one place where an agent's frames come in: whatever they are, they end no more than their own connection. */
  #serve(agentId: string, socket: WebSocket, peer: Socket): void {
    const { log, onRefused } = this.#options;
    let agent: AgentConnection | undefined;
    let isSentAway = false;
    const sendAway = (fault: FrameFault) => {
      isSentAway = true;
      this.#forget(agent);
      log(`agent ${agentId} is cut off: ${fault.message}`);
      onRefused(peer, fault.message);
      socket.close(fault.closeCode, fault.message.slice(0, 100));
    };
    const silence = setTimeout(() => socket.terminate(), SILENCE_MS);
    socket.on("ping", () => silence.refresh());
    socket.on("message", (data, isBinary) => {
      silence.refresh();
      if (isSentAway) return;
      if (agent && this.#agents.get(agentId) !== agent) return; // somebody else is this agent by now, or nobody
      try {
        if (agent) this.#hear(agent, data as Buffer, isBinary);
        else {
          agent = this.#welcome(agentId, socket, data as Buffer, isBinary);
          isSentAway = agent === undefined;
        }
      } catch (error) {
        if (error instanceof FrameFault) sendAway(error);
        else {
          log(`agent ${agentId}: ${unexpected(error)}`);
          this.#sayAgain(socket);
        }
      }
    });
    socket.on("error", (error: Error & { readonly code?: string }) => {
      // Of ws itself: no frame, no UTF-8, too long.
      if (error.code?.startsWith("WS_ERR")) onRefused(peer, error.message);
      log(`agent ${agentId}: ${error.message}`);
    });
    socket.on("close", () => {
      clearTimeout(silence);
      this.#forget(agent);
    });
  }

  /** @returns the agent that is connected from now on; undefined for one that is sent away. @throws FrameFault */
  #welcome(agentId: string, socket: WebSocket, data: Buffer, isBinary: boolean): AgentConnection | undefined {
    if (isBinary) throw new FrameFault(CLOSE_MISFIT, "The first frame is no hello.");
    const text = data.toString();
    const [first] = readMessages(text);
    const problem = anyHello(first);
    if (problem !== undefined)
      throw new FrameFault(CLOSE_MISFIT, `The first message is no hello: it ${problem}.`);
    const { protocol, agentId: name } = first as { readonly protocol?: number; readonly agentId: string };
    if (name !== agentId) throw new FrameFault(CLOSE_MISFIT, "The hello names another agent than the token.");
    const standing = agentStanding(protocol);
    if (standing === "foreign") {
      this.#options.log(
        `agent ${agentId} speaks protocol ${protocol}, which is not spoken here: it is replaced`,
      );
      socket.send(JSON.stringify([{ t: "shutdown" } satisfies ToAgent]));
      socket.close(1000, "another protocol is spoken here");
      return undefined;
    }
    const [hello, ...others] = readFrame(text, fromAgent) as [Said<"hello">, ...FromAgent[]];
    this.#agents.get(agentId)?.terminate();
    const agent = new AgentConnection(socket, hello, standing);
    this.#agents.set(agentId, agent);
    if (standing === "draining")
      this.#options.log(
        `agent ${agentId} speaks protocol ${protocol ?? 0}: it is replaced once its runs have ended`,
      );
    this.#perform(agent, "hello", this.#greet(agent, hello));
    this.#receive(agent, others);
    return agent;
  }

  async #greet(agent: AgentConnection, hello: Said<"hello">): Promise<void> {
    await agentConnected(this.#theApp(), hello);
    agent.hasEnded(hello.reports.map(({ run }) => run));
  }

  /** @throws FrameFault */
  #hear(agent: AgentConnection, data: Buffer, isBinary: boolean): void {
    if (isBinary) {
      const { id, bytes } = readChunk(data);
      agent.files.receiveChunk(id, bytes);
    } else this.#receive(agent, readFrame(data.toString(), fromAgent));
  }

  #forget(agent: AgentConnection | undefined): void {
    if (!agent) return;
    agent.close();
    if (this.#agents.get(agent.agentId) !== agent) return;
    this.#agents.delete(agent.agentId);
    this.#theApp().nudge.nodes();
  }

  /** One by one: what goes wrong with a message is no other's affair. All ends of one frame become one write. @throws FrameFault */
  #receive(agent: AgentConnection, messages: readonly FromAgent[]): void {
    const reports: RunReport[] = [];
    for (const message of messages) {
      try {
        if (message.t === "run.ended") reports.push(message.report);
        else this.#receiveOne(agent, message);
      } catch (error) {
        if (error instanceof FrameFault) throw error;
        this.#perform(agent, message.t, Promise.reject(error));
      }
    }
    if (reports.length > 0) this.#perform(agent, "run.ended", this.#report(agent, reports));
  }

  /** What comes while a write is on its way joins it: one write costs as much as many ends. */
  async #report(agent: AgentConnection, reports: readonly RunReport[]): Promise<void> {
    const isAwaited = agent.untaken.length > 0;
    agent.untaken.push(...reports);
    if (isAwaited) return;
    try {
      await agentReports(this.#theApp(), agent.agentId, agent.untaken);
    } catch (error) {
      agent.untaken.length = 0; // the next connection says them again
      throw error;
    }
  }

  #receiveOne(agent: AgentConnection, message: Exclude<FromAgent, { t: "run.ended" }>): void {
    const app = this.#theApp();
    const { agentId } = agent;
    switch (message.t) {
      case "node.ready":
        this.#perform(agent, message.t, nodeBecameReady(app, agentId, message));
        break;
      case "node.failed":
        this.#perform(agent, message.t, nodeFailed(app, agentId, message));
        break;
      case "node.stopped":
        this.#perform(agent, message.t, nodeStopped(app, agentId, message));
        break;
      case "identity.ask":
        void this.#giveToken(agent, message);
        break;
      case "metadata.refused":
      case "metadata.audited":
        this.#tellRequest(agent, message);
        break;
      case "login.open":
      case "login.refused":
        agent.logins.receive(message);
        break;
      case "logs.sent":
      case "logs.refused":
        agent.logs.receive(message);
        break;
      case "hello":
      case "run.started":
        break;
      default:
        agent.files.receive(message);
    }
  }

  async #giveToken(agent: AgentConnection, ask: Said<"identity.ask">): Promise<void> {
    try {
      agent.send(await nodeTokenIssue(this.#options.identityTokens, agent.agentId, ask));
    } catch (error) {
      this.#options.log(`agent message ${ask.t}: ${unexpected(error)}`);
      agent.send({
        t: "identity.refused",
        id: ask.id,
        status: 500,
        error: "server_error",
        description: "The token could not be issued.",
      });
    }
  }

  #tellRequest({ agentId }: AgentConnection, message: Said<"metadata.refused" | "metadata.audited">): void {
    const { identityTokens } = this.#options;
    const told =
      message.t === "metadata.refused"
        ? nodeRequestRefused(identityTokens, agentId, message.request)
        : nodeRequestAudited(identityTokens, agentId, message.request);
    told.catch((error: unknown) => this.#options.log(`agent message ${message.t}: ${String(error)}`));
  }

  /** What could not be stored (a full disk) comes again with the next connection, which is therefore brought about. */
  #perform(agent: AgentConnection, what: string, work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#options.log(`agent message ${what}: ${unexpected(error)}`);
      this.#sayAgain(agent);
    });
  }

  #sayAgain(connection: { terminate(): void }): void {
    setTimeout(() => connection.terminate(), SAY_AGAIN_MS).unref();
  }

  #theApp(): App {
    if (!this.#app) throw new Error("the hub serves before it is attached");
    return this.#app;
  }
}
