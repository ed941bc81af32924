/**
 * An agent alone: a real one, whose service is this process and only gives orders. What a node costs is measured from the order
 * to the answer, with nothing of the service's own in between.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { type WebSocket, WebSocketServer } from "ws";
import { openCertificateAuthority } from "../../src/http/certificate-authority.ts";
import type { AgentConfiguration } from "../../src/wire/agent/configuration.ts";
import type { FromAgent, RunSpec, ToAgent } from "../../src/wire/agent/messages.ts";
import { endsWithBench } from "../ends-with-bench.ts";

export type NodeIsolation = "namespace" | "process";

type Answer = Extract<FromAgent, { t: "node.ready" | "node.failed" | "node.stopped" | "run.ended" }>;

/** What a node of a real service listens for: every port that the service has. */
const PORTS = { main: 18_443, plain: 18_080, proxy: 18_888, blob: 18_445, "account:bench": 18_444 };

export class BareAgent {
  readonly #link: WebSocket;
  /** By what it is about: the key of a node, the name of a run. */
  readonly #waiting = new Map<string, (answer: Answer) => void>();
  readonly #close: () => Promise<void>;
  #runs = 0;

  /** @param program see `service-program.ts` @param folder empty; the nodes' folders are in it */
  static async start(program: string, folder: string): Promise<BareAgent> {
    const authority = openCertificateAuthority(folder, Date.now());
    const server = createServer(authority.mintLeaf(["localhost"], Date.now())).listen(0, "127.0.0.1");
    const sockets = new WebSocketServer({ server });
    await once(server, "listening");
    const configuration: AgentConfiguration = {
      agentId: "bench",
      url: `wss://localhost:${(server.address() as AddressInfo).port}/agent`,
      caFile: authority.caFile,
      token: "bench",
      nodesFolder: join(folder, "nodes"),
      reach: {
        ports: PORTS,
        azureNames: ["management.azure.com", "login.microsoftonline.com"],
        caFile: authority.caFile,
        bundleFile: authority.caFile,
      },
    };
    const configurationFile = join(folder, "configuration.json");
    await writeFile(configurationFile, JSON.stringify(configuration), { mode: 0o600 });
    const connected = once(sockets, "connection") as Promise<[WebSocket]>;
    const words = [agentProgram(program), "--configuration", configurationFile];
    const child = endsWithBench(spawn(process.execPath, words, { stdio: ["ignore", "ignore", "inherit"] }));
    const ended = once(child, "exit");
    const failed = ended.then(([code]) => {
      throw new Error(`the agent ended with ${code}`);
    });
    failed.catch(() => undefined);
    const [link] = await Promise.race([connected, failed]);
    return new BareAgent(link, async () => {
      child.kill();
      await ended;
      sockets.close();
      server.close();
    });
  }

  private constructor(link: WebSocket, close: () => Promise<void>) {
    this.#link = link;
    this.#close = close;
    link.on("message", (frame) => {
      for (const message of JSON.parse(frame.toString()) as FromAgent[]) this.#hear(message);
    });
  }

  /** Resolves when the node could take a task. @throws when it cannot be had */
  async startNode(nodeKey: string, isolation: NodeIsolation): Promise<void> {
    const node = {
      nodeKey,
      nodeId: nodeKey,
      poolId: "bench",
      accountName: "bench",
      isDedicated: true,
      isolation,
    };
    const answer = await this.#ask(nodeKey, { t: "node.start", node });
    if (answer.t === "node.failed") throw new Error(answer.message);
  }

  async stopNode(nodeKey: string): Promise<void> {
    await this.#ask(nodeKey, { t: "node.stop", nodeKey });
  }

  /** Resolves when the command has ended and everything of it is gone. @throws unless it succeeded */
  async run(nodeKey: string, commandLine: string): Promise<void> {
    const run = `run-${++this.#runs}`;
    const spec: RunSpec = {
      run,
      nodeKey,
      place: { kind: "task", jobId: "job", taskId: run },
      attempt: 1,
      commandLine,
      environment: [],
      accountUrl: "https://bench.local.batch.azure.com",
      elevated: false,
    };
    const answer = await this.#ask(run, { t: "run.start", spec });
    const end = answer.t === "run.ended" ? answer.report.end : undefined;
    if (end?.kind !== "exited" || end.exitCode !== 0)
      throw new Error(`${run} ended otherwise: ${JSON.stringify(end)}`);
  }

  /** Ends the agent, and its nodes with it. */
  stop(): Promise<void> {
    return this.#close();
  }

  #ask(about: string, order: ToAgent): Promise<Answer> {
    return new Promise((resolve) => {
      this.#waiting.set(about, resolve);
      this.#link.send(JSON.stringify([order]));
    });
  }

  #hear(message: FromAgent): void {
    switch (message.t) {
      case "node.ready":
      case "node.failed":
      case "node.stopped":
        this.#answer(message.nodeKey, message);
        break;
      case "run.ended":
        this.#link.send(JSON.stringify([{ t: "run.ack", runs: [message.report.run] }]));
        this.#answer(message.report.run, message);
        break;
    }
  }

  #answer(about: string, answer: Answer): void {
    const waiting = this.#waiting.get(about);
    this.#waiting.delete(about);
    waiting?.(answer);
  }
}

/** The agent that the program would start. */
function agentProgram(program: string): string {
  const root = dirname(dirname(program));
  const source = join(root, "src/agent/main.ts");
  return existsSync(source) ? source : join(root, "dist/agent/main.js");
}
