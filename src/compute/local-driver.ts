/**
 * Provides the nodes of this machine: one agent process for all of them, which outlives the service. It is found again by
 * the state file that it writes. The driver starts, watches and ends that process; it never speaks to it.
 *
 *   none ──acquire──▶ watched ──died──▶ none, and the listeners hear of it
 */
import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { AgentAdmission, AgentService, ComputeDriver } from "../app/ports/compute-driver.ts";
import { agentEnvironment, agentWords, writeAgentConfiguration } from "./agent-program.ts";
import { MachineLoad } from "./machine-load.ts";
import { removeNodeFolder } from "./node-folder.ts";
import { identifyProcess, isAlive, type ProcessIdentity, readIdentity } from "./process-identity.ts";

const LOCAL_AGENT_ID = "local";

export interface LocalDriverOptions {
  readonly dataFolder: string;
  readonly admission: AgentAdmission;
  /** The Node.js that runs the agent; default: the one that runs this. */
  readonly execPath?: string;
  readonly log: (line: string) => void;
}

const WATCH_MS = 200;
/** From one start to the next: an agent that cannot live (a full disk) is tried again, but not all the time. */
const START_AGAIN_MS = 1_000;
const CLOSE_MS = 5_000;

export class LocalDriver implements ComputeDriver {
  readonly name = "local";
  readonly #options: LocalDriverOptions;
  readonly #folder: string;
  readonly #nodesFolder: string;
  readonly #configurationFile: string;
  readonly #stateFile: string;
  readonly #load = new MachineLoad();
  readonly #listeners: (() => void)[] = [];
  #agent: ProcessIdentity | undefined;
  #watch: NodeJS.Timeout | undefined;
  #starting: Promise<void> | undefined;
  #lastStart = -START_AGAIN_MS;
  #closed = false;

  constructor(options: LocalDriverOptions) {
    this.#options = options;
    this.#folder = resolve(options.dataFolder, "agent");
    this.#nodesFolder = resolve(options.dataFolder, "nodes");
    this.#configurationFile = join(this.#folder, "configuration.json");
    this.#stateFile = join(this.#folder, "agent.json");
  }

  configure(service: AgentService): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    writeAgentConfiguration(this.#configurationFile, {
      ...service,
      agentId: LOCAL_AGENT_ID,
      token: this.#options.admission.tokenOf(LOCAL_AGENT_ID),
      nodesFolder: this.#nodesFolder,
    });
  }

  hosts(agentId: string): boolean {
    return agentId === LOCAL_AGENT_ID;
  }

  async acquire(): Promise<{ readonly agentId: string }> {
    if (this.#closed) throw new Error("The local driver is closed.");
    if (!this.#agent) {
      this.#starting ??= this.#start().finally(() => {
        this.#starting = undefined;
      });
      await this.#starting;
    }
    return { agentId: LOCAL_AGENT_ID };
  }

  /** All nodes share this machine. */
  cpuPercent(): number | undefined {
    return this.#load.cpuPercent();
  }

  /** The agent removes a node's folder itself; this is for the nodes of one that died. */
  async release({ nodeKey }: { readonly nodeKey: string }): Promise<void> {
    const { execPath = process.execPath } = this.#options;
    await removeNodeFolder({ nodesFolder: this.#nodesFolder, nodeKey, cacheFolder: this.#folder, execPath });
  }

  /** The death of an earlier service's agent is reported as well, as soon as anybody listens. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
    if (this.#listeners.length > 1 || this.#adopt()) return;
    if (existsSync(this.#stateFile)) setImmediate(() => this.#announceLoss());
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#starting?.catch(() => {});
    this.#adopt();
    clearInterval(this.#watch);
    const agent = this.#agent;
    if (!agent) return;
    signal(agent, "SIGTERM");
    const killAt = Date.now() + CLOSE_MS;
    for (let killed = false; isAlive(agent); await delay(10)) {
      if (killed || Date.now() < killAt) continue;
      signal(agent, "SIGKILL");
      killed = true;
    }
  }

  /** Takes over the agent that the state file names. False when none is alive. */
  #adopt(): boolean {
    if (this.#agent) return true;
    const recorded = readIdentity(this.#stateFile);
    if (!recorded || !isAlive(recorded)) return false;
    this.#attend(recorded);
    return true;
  }

  async #start(): Promise<void> {
    const wait = this.#lastStart + START_AGAIN_MS - performance.now();
    if (wait > 0) await delay(wait);
    if (this.#closed) throw new Error("The local driver is closed.");
    if (this.#adopt()) return;
    this.#lastStart = performance.now();
    const { execPath = process.execPath, log } = this.#options;
    const logFile = openSync(join(this.#folder, "agent.log"), "w", 0o600);
    const child = spawn(execPath, [...agentWords(this.#configurationFile), "--state", this.#stateFile], {
      cwd: "/",
      detached: true,
      stdio: ["ignore", "ignore", logFile],
      env: agentEnvironment(),
    });
    closeSync(logFile);
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    child.unref();
    const agent = child.pid === undefined ? undefined : identifyProcess(child.pid);
    if (!agent) throw new Error("The agent ended as soon as it was started.");
    log(`agent ${agent.pid} started`);
    this.#attend(agent);
    child.once("exit", () => this.#died(agent));
  }

  #attend(agent: ProcessIdentity): void {
    this.#agent = agent;
    this.#watch = setInterval(() => {
      if (!isAlive(agent)) this.#died(agent);
    }, WATCH_MS).unref();
  }

  #died(agent: ProcessIdentity): void {
    if (this.#agent !== agent) return;
    clearInterval(this.#watch);
    this.#agent = undefined;
    if (this.#closed) return;
    // It may have given way to an older one that no service had known of.
    if (this.#adopt()) return;
    this.#options.log(`agent ${agent.pid} has died; another one takes up its nodes`);
    this.#announceLoss();
  }

  #announceLoss(): void {
    for (const listener of this.#listeners) listener();
  }
}

function signal({ pid }: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has gone by itself.
  }
}
