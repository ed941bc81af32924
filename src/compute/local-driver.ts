/**
 * Provides the nodes of this machine: one agent process for all of them, which outlives the service. It is found again by
 * the state file that it writes. The driver starts, watches and ends that process; it never speaks to it.
 *
 *   none ──acquire──▶ watched ──died──▶ none, and the listeners hear of it
 */
import { execFile, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, extname, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { ComputeDriver } from "../app/ports/compute-driver.ts";
import { MachineLoad } from "./machine-load.ts";
import { identifyProcess, isAlive, type ProcessIdentity } from "./process-identity.ts";

export const LOCAL_AGENT_ID = "local";

export interface LocalDriverOptions {
  readonly dataFolder: string;
  /** The `AgentConfiguration` that the service writes; `nodesFolder` is read from it. */
  readonly configurationFile: string;
  /** The Node.js that runs the agent; default: the one that runs this. */
  readonly execPath?: string;
  readonly log: (line: string) => void;
}

/** From the sources it is a `.ts` file, from the published package a `.js` file, as this one is. */
const AGENT_PROGRAM = fileURLToPath(new URL(`../agent/main${extname(import.meta.url)}`, import.meta.url));
const REMOVE_PROGRAM = fileURLToPath(new URL(`../agent/remove${extname(import.meta.url)}`, import.meta.url));
/** With it only the first agent that runs from the sources loads the compiler that strips their types (17 MB). */
const SOURCES_COMPILE_CACHE = fileURLToPath(new URL("../../node_modules/.cache/batchyard", import.meta.url));
/** An agent waits most of its life: small heap generations and few threads, at no cost that was measured. */
const AGENT_NODE_FLAGS = ["--max-semi-space-size=1", "--max-old-space-size=256", "--v8-pool-size=1"];
/** What the agent sees of the service's environment. Its tasks see less. */
const AGENT_VARIABLES = ["PATH", "LANG", "TZ", "BATCHYARD_NODE_INIT", "BATCHYARD_AGENT_ORPHAN_SECONDS"];
const WATCH_MS = 200;
/** From one start to the next: an agent that cannot live (a full disk) is tried again, but not all the time. */
const START_AGAIN_MS = 1_000;
const CLOSE_MS = 5_000;

export class LocalDriver implements ComputeDriver {
  readonly name = "local";
  readonly #options: LocalDriverOptions;
  readonly #folder: string;
  readonly #stateFile: string;
  readonly #load = new MachineLoad();
  readonly #listeners: ((agentId: string) => void)[] = [];
  #agent: ProcessIdentity | undefined;
  #watch: NodeJS.Timeout | undefined;
  #starting: Promise<void> | undefined;
  #lastStart = -START_AGAIN_MS;
  #closed = false;

  constructor(options: LocalDriverOptions) {
    this.#options = { ...options, configurationFile: resolve(options.configurationFile) };
    this.#folder = resolve(options.dataFolder, "agent");
    this.#stateFile = join(this.#folder, "agent.json");
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
  async release(node: { readonly nodeKey: string }): Promise<void> {
    if (node.nodeKey === "" || basename(node.nodeKey) !== node.nodeKey || node.nodeKey.startsWith("."))
      return;
    const { nodesFolder } = JSON.parse(readFileSync(this.#options.configurationFile, "utf8"));
    const folder = join(nodesFolder, node.nodeKey);
    const folders = [folder, `${folder}.certificates`, `${folder}.packages`, `${folder}.logins`];
    try {
      for (const path of folders) await rm(path, { recursive: true, force: true });
    } catch (error) {
      if (!["EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
      // It belongs to ids that only agents have.
      const { execPath = process.execPath } = this.#options;
      await promisify(execFile)(execPath, [REMOVE_PROGRAM, ...folders, "--cache", this.#folder]);
    }
  }

  /** An agent of an earlier service that has died meanwhile is reported as well, as soon as anybody listens. */
  onAgentLost(listener: (agentId: string) => void): void {
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
    const recorded = readState(this.#stateFile);
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
    const { execPath = process.execPath, configurationFile, log } = this.#options;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const logFile = openSync(join(this.#folder, "agent.log"), "w", 0o600);
    const words = [AGENT_PROGRAM, "--configuration", configurationFile, "--state", this.#stateFile];
    const child = spawn(execPath, [...AGENT_NODE_FLAGS, ...words], {
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
    this.#options.log(`agent ${agent.pid} died`);
    this.#announceLoss();
  }

  #announceLoss(): void {
    for (const listener of this.#listeners) listener(LOCAL_AGENT_ID);
  }
}

function agentEnvironment(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {};
  for (const name of AGENT_VARIABLES) environment[name] = process.env[name];
  if (AGENT_PROGRAM.endsWith(".ts")) environment.NODE_COMPILE_CACHE = SOURCES_COMPILE_CACHE;
  return environment;
}

function signal({ pid }: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has gone by itself.
  }
}

function readState(file: string): ProcessIdentity | undefined {
  try {
    const { pid, startTime } = JSON.parse(readFileSync(file, "utf8"));
    return Number.isInteger(pid) && Number.isInteger(startTime) ? { pid, startTime } : undefined;
  } catch {
    return undefined;
  }
}
