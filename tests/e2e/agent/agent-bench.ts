/**
 * What the agent's tests stand on: a service that only records and sends, over real TLS, and real agent processes. Each
 * bench has a folder of its own and leaves no process behind.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type WebSocket, WebSocketServer } from "ws";
import { removeDataFolder } from "../../../src/cli/service/data-folder.ts";
import { agentEnvironment } from "../../../src/compute/agent-program.ts";
import { type Leaf, openCertificateAuthority } from "../../../src/http/certificate-authority.ts";
import type { AgentConfiguration } from "../../../src/wire/agent/configuration.ts";
import { readChunk } from "../../../src/wire/agent/frame.ts";
import type { FromAgent, NodeSpec, RunReport, RunSpec, ToAgent } from "../../../src/wire/agent/messages.ts";

const AGENT = fileURLToPath(new URL("../../../src/agent/main.ts", import.meta.url));
export const TOKEN = "a-token-of-this-test";
/** Milliseconds; more on a machine that is only emulated. */
const WAIT_MS = Number(process.env.AGENT_WAIT_MS ?? 15_000);

export type Kind = FromAgent["t"];
export type Message<K extends Kind> = Extract<FromAgent, { t: K }>;

/** Resolves as soon as the condition holds, which is looked at again and again. */
export async function until<T>(what: string, condition: () => T | undefined | false): Promise<T> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const value = condition();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The processes, on the whole machine, whose command line holds the text. */
export function processesNaming(text: string): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      if (!Number.isInteger(pid) || pid === process.pid) return false;
      try {
        return readFileSync(`/proc/${pid}/cmdline`).includes(text);
      } catch {
        return false;
      }
    });
}

/** The inits of an agent's nodes, whichever program they run: shipped built, compiled here, or the shell's. */
export function nodeInitsOf({ pid: agent = 0 }: ChildProcess): number[] {
  return processesNaming("/node-init").filter((pid) => isBelow(pid, agent));
}

function isBelow(pid: number, ancestor: number): boolean {
  for (let at = parentOf(pid); at > 1; at = parentOf(at)) if (at === ancestor) return true;
  return false;
}

/** Field 4 of proc_pid_stat(5); 0 for a process that is gone. */
function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return 0;
  }
}

/** A binary frame stands among them as what an agent of protocol 0 would have sent. */
function messagesOf(frame: Buffer, isBinary: boolean): readonly FromAgent[] {
  if (!isBinary) return JSON.parse(frame.toString());
  const { id, bytes } = readChunk(frame);
  return [{ t: "file.chunk", id, data: bytes.toString("base64") }];
}

/** Takes one agent at a time and keeps all that it says. */
export class FakeService {
  readonly #https: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });
  #agent: WebSocket | undefined;
  messages: FromAgent[] = [];
  refused = 0;

  private constructor({ key, cert }: Leaf) {
    this.#https = createServer({ key, cert });
    this.#https.on("upgrade", (request, socket, head) => {
      if (request.headers.authorization !== `Bearer ${TOKEN}`) {
        this.refused++;
        socket.end("HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n");
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (agent) => {
        this.#agent = agent;
        agent.on("message", (frame, isBinary) =>
          this.messages.push(...messagesOf(frame as Buffer, isBinary)),
        );
      });
    });
  }

  static async start(leaf: Leaf): Promise<FakeService> {
    const service = new FakeService(leaf);
    service.#https.listen(0, "127.0.0.1");
    await once(service.#https, "listening");
    return service;
  }

  get url(): string {
    const address = this.#https.address();
    if (typeof address !== "object" || address === null) throw new Error("not listening");
    return `wss://localhost:${address.port}/agent`;
  }

  send(...messages: ToAgent[]): void {
    this.#agent?.send(JSON.stringify(messages));
  }

  /** What need not be a frame. */
  sendRaw(frame: string | Buffer): void {
    this.#agent?.send(frame);
  }

  all<K extends Kind>(kind: K): Message<K>[] {
    return this.messages.filter((message): message is Message<K> => message.t === kind);
  }

  /** The first such message, past or to come. */
  said<K extends Kind>(kind: K, which: (message: Message<K>) => boolean = () => true): Promise<Message<K>> {
    return until(kind, () => this.all(kind).find(which));
  }

  async ended(run: string): Promise<RunReport> {
    return (await this.said("run.ended", ({ report }) => report.run === run)).report;
  }

  /** As a killed service does it: without a word. */
  async vanish(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#https.closeAllConnections();
    await new Promise((resolve) => this.#https.close(resolve));
  }
}

/**
 * Has a task make the file, below the node's folder: where nodes have ids of their own, it is not the test's user's to write to.
 */
export async function writeOnNode(
  service: FakeService,
  file: string,
  content: string,
  nodeKey = "n1",
): Promise<void> {
  const spec = runSpec(`/bin/sh -c 'printf %s "$CONTENT" >"$FILE"'`, {
    nodeKey,
    environment: [
      ["CONTENT", content],
      ["FILE", file],
    ],
  });
  service.send({ t: "run.start", spec });
  const { end } = await service.ended(spec.run);
  if (end.kind !== "exited" || end.exitCode !== 0) throw new Error(`${file}: ${JSON.stringify(end)}`);
}

export class AgentBench {
  readonly folder = mkdtempSync(join(tmpdir(), "batchyard-agent-"));
  readonly nodesFolder = join(this.folder, "nodes");
  readonly configurationFile = join(this.folder, "configuration.json");
  readonly #agents: ChildProcess[] = [];
  readonly #services: FakeService[] = [];
  readonly #leaf: Leaf;

  constructor() {
    this.#leaf = openCertificateAuthority(this.folder, Date.now()).mintLeaf(["localhost"], Date.now());
  }

  async startService(): Promise<FakeService> {
    const service = await FakeService.start(this.#leaf);
    this.#services.push(service);
    this.configure({ url: service.url });
    return service;
  }

  configure(change: Partial<AgentConfiguration>): void {
    const configuration: AgentConfiguration = {
      agentId: "local",
      url: "wss://localhost:1/agent",
      caFile: join(this.folder, "ca.pem"),
      token: TOKEN,
      nodesFolder: this.nodesFolder,
      ...change,
    };
    writeFileSync(this.configurationFile, JSON.stringify(configuration), { mode: 0o600 });
  }

  startAgent(environment: Record<string, string> = {}, ...options: string[]): ChildProcess {
    const agent = spawn(process.execPath, [AGENT, "--configuration", this.configurationFile, ...options], {
      stdio: ["ignore", "ignore", process.env.AGENT_LOG ? "inherit" : "ignore"],
      env: { ...agentEnvironment(), SECRET_OF_THE_SERVICE: "s", ...environment },
    });
    this.#agents.push(agent);
    return agent;
  }

  nodeRoot(nodeKey = "n1"): string {
    return join(this.nodesFolder, nodeKey);
  }

  async dispose(): Promise<void> {
    for (const agent of this.#agents) {
      if (agent.exitCode !== null || agent.signalCode !== null) continue;
      const gone = once(agent, "exit");
      agent.kill("SIGKILL");
      await gone;
    }
    for (const service of this.#services) await service.vanish();
    await until("the last process of the bench", () => processesNaming(this.folder).length === 0);
    await removeDataFolder(this.folder, this.folder);
  }
}

export function nodeSpec(
  nodeKey = "n1",
  isolation: NodeSpec["isolation"] = "process",
  change: Partial<NodeSpec> = {},
): ToAgent {
  const [nodeId, poolId, accountName] = ["tvm-1", "pool", "acct"];
  return {
    t: "node.start",
    node: { nodeKey, nodeId, poolId, accountName, isDedicated: true, isolation, ...change },
  };
}

let runs = 0;

export function runSpec(commandLine: string, change: Partial<RunSpec> = {}): RunSpec {
  const run = `run-${++runs}`;
  return {
    run,
    nodeKey: "n1",
    place: { kind: "task", jobId: "job", taskId: run },
    attempt: 1,
    commandLine,
    environment: [],
    accountUrl: "https://acct.local.batch.azure.com",
    elevated: false,
    ...change,
  };
}
