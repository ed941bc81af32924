/**
 * The service's end of the agents' connections: who is connected, what they say, what they are told. It understands messages
 * only so far as to hand them to the use cases; it decides nothing about tasks.
 */
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex, Readable } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { App } from "../../app/app.ts";
import {
  type NodeTokenServices,
  nodeRequestRefused,
  nodeTokenIssue,
} from "../../app/identities/node-token.ts";
import { agentConnected } from "../../app/node-life/agent-connected.ts";
import { agentReports } from "../../app/node-life/agent-reports.ts";
import { nodeBecameReady, nodeFailed, nodeStopped } from "../../app/node-life/node-events.ts";
import type { AgentGateway, FileRange, NodeLogin } from "../../app/ports/agent-gateway.ts";
import { Fault } from "../../core/fault.ts";
import { unexpected } from "../../core/unexpected.ts";
import type {
  FileProperties,
  FileRef,
  FromAgent,
  NodeUserSpec,
  RunReport,
  ToAgent,
} from "../../wire/agent/messages.ts";
import type { AgentTokens } from "./agent-tokens.ts";
import { FileExchanges } from "./file-exchanges.ts";
import { LoginExchanges } from "./login-exchanges.ts";

export interface AgentHubOptions {
  readonly tokens: AgentTokens;
  readonly identityTokens: NodeTokenServices;
  /** Hears of whoever wanted to be an agent and had no token of one. */
  readonly onRefused: (socket: Socket) => void;
  readonly log: (line: string) => void;
}

interface Connected {
  readonly agentId: string;
  readonly incarnation: string;
  readonly socket: WebSocket;
  readonly files: FileExchanges;
  readonly logins: LoginExchanges;
  outgoing: ToAgent[];
}

/** After a message that could not be stored, before the agent is made to say it again. Milliseconds. */
const SAY_AGAIN_MS = 1_000;

/** Frames are our own; this only keeps a broken peer from taking the memory. */
const MAX_FRAME_BYTES = 64 * 1024 * 1024;

export class AgentHub implements AgentGateway {
  readonly #options: AgentHubOptions;
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
  });
  readonly #agents = new Map<string, Connected>();
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
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#serve(agentId, webSocket));
  }

  incarnationOf(agentId: string): string | undefined {
    return this.#agents.get(agentId)?.incarnation;
  }

  send(agentId: string, message: ToAgent): void {
    const agent = this.#agents.get(agentId);
    if (!agent) return;
    // One frame per tick: a placement round tells an agent of many runs at once.
    if (agent.outgoing.push(message) === 1) setImmediate(() => flush(agent));
  }

  /** What tokens of identities depend on has changed. */
  recheckTokens(): void {
    for (const [agentId, { outgoing }] of this.#agents)
      if (outgoing.at(-1)?.t !== "identity.recheck") this.send(agentId, { t: "identity.recheck" });
  }

  async nodeLogin(agentId: string, nodeKey: string, users?: readonly NodeUserSpec[]): Promise<NodeLogin> {
    return this.#connected(agentId).logins.ask(nodeKey, users);
  }

  fileList(
    agentId: string,
    file: FileRef,
    options: { readonly recursive: boolean; readonly after?: string; readonly limit: number },
  ): Promise<{ readonly entries: readonly FileProperties[]; readonly more: boolean }> {
    return this.#files(agentId).list(file, options);
  }

  fileStat(agentId: string, file: FileRef): Promise<FileProperties> {
    return this.#files(agentId).stat(file);
  }

  fileRead(
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
    this.#agents.get(agentId)?.socket.terminate();
    this.#agents.delete(agentId);
  }

  close(): void {
    for (const { socket } of this.#agents.values()) socket.terminate();
    this.#server.close();
  }

  #files(agentId: string): FileExchanges {
    return this.#connected(agentId).files;
  }

  #connected(agentId: string): Connected {
    const agent = this.#agents.get(agentId);
    if (!agent) throw new Fault("OperationInvalidForCurrentState", "The node is not connected just now.");
    return agent;
  }

  #authenticate(authorization: string): string | undefined {
    const token = /^Bearer ([\w-]{1,256})$/.exec(authorization)?.[1];
    return token === undefined ? undefined : this.#options.tokens.agentOf(token);
  }

  #serve(agentId: string, socket: WebSocket): void {
    let agent: Connected | undefined;
    socket.on("message", (data) => {
      const messages = JSON.parse(String(data)) as readonly FromAgent[];
      const [first] = messages;
      if (agent && this.#agents.get(agentId) !== agent) return; // somebody else is this agent by now, or nobody
      if (!agent && first?.t === "hello" && first.agentId === agentId) {
        agent = this.#connect(agentId, first.incarnation, socket);
        this.#perform(agent, "hello", agentConnected(this.#theApp(), first));
        this.#receive(agent, messages.slice(1));
      } else if (agent) this.#receive(agent, messages);
      else socket.close(1002, "hello expected");
    });
    socket.on("error", (error) => this.#options.log(`agent ${agentId}: ${error.message}`));
    socket.on("close", () => {
      if (!agent) return;
      agent.files.close();
      agent.logins.close();
      if (this.#agents.get(agentId) === agent) this.#agents.delete(agentId);
      this.#theApp().nudge.nodes();
    });
  }

  #connect(agentId: string, incarnation: string, socket: WebSocket): Connected {
    this.#agents.get(agentId)?.socket.terminate();
    const agent: Connected = {
      agentId,
      incarnation,
      socket,
      files: new FileExchanges((message) => this.send(agentId, message)),
      logins: new LoginExchanges((message) => this.send(agentId, message)),
      outgoing: [],
    };
    this.#agents.set(agentId, agent);
    return agent;
  }

  /** All ends of one frame become one write. */
  #receive(agent: Connected, messages: readonly FromAgent[]): void {
    const app = this.#theApp();
    const reports: RunReport[] = [];
    for (const message of messages) {
      switch (message.t) {
        case "run.ended":
          reports.push(message.report);
          break;
        case "node.ready":
          this.#perform(agent, message.t, nodeBecameReady(app, agent.agentId, message));
          break;
        case "node.failed":
          this.#perform(agent, message.t, nodeFailed(app, agent.agentId, message));
          break;
        case "node.stopped":
          this.#perform(agent, message.t, nodeStopped(app, agent.agentId, message));
          break;
        case "identity.ask":
          void this.#giveToken(agent, message);
          break;
        case "metadata.refused":
          this.#tellRefused(agent, message);
          break;
        case "login.open":
        case "login.refused":
          agent.logins.receive(message);
          break;
        case "hello":
        case "run.started":
          break;
        default:
          agent.files.receive(message);
      }
    }
    this.#perform(agent, "run.ended", agentReports(app, agent.agentId, reports));
  }

  async #giveToken(agent: Connected, ask: Extract<FromAgent, { t: "identity.ask" }>): Promise<void> {
    try {
      this.send(agent.agentId, await nodeTokenIssue(this.#options.identityTokens, agent.agentId, ask));
    } catch (error) {
      this.#options.log(`agent message ${ask.t}: ${unexpected(error)}`);
      const description = "The token could not be issued.";
      const { id } = ask;
      this.send(agent.agentId, {
        t: "identity.refused",
        id,
        status: 500,
        error: "server_error",
        description,
      });
    }
  }

  #tellRefused({ agentId }: Connected, { request }: Extract<FromAgent, { t: "metadata.refused" }>): void {
    nodeRequestRefused(this.#options.identityTokens, agentId, request).catch((error: unknown) =>
      this.#options.log(`agent message metadata.refused: ${String(error)}`),
    );
  }

  /** What could not be stored (a full disk) comes again with the next connection, which is therefore brought about. */
  #perform({ socket }: Connected, what: string, work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#options.log(`agent message ${what}: ${unexpected(error)}`);
      setTimeout(() => socket.terminate(), SAY_AGAIN_MS).unref();
    });
  }

  #theApp(): App {
    if (!this.#app) throw new Error("the hub serves before it is attached");
    return this.#app;
  }
}

function flush(agent: Connected): void {
  const messages = agent.outgoing;
  agent.outgoing = [];
  if (agent.socket.readyState === agent.socket.OPEN) agent.socket.send(JSON.stringify(messages));
}
