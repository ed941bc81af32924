/**
 * One agent process on this machine, which outlives the service. It is found again by the state file that it writes. This starts,
 * watches and ends the process; it never speaks to it.
 *
 *   none ──start──▶ watched ──died──▶ none, and `onDied` is called
 */
import { spawn } from "node:child_process";
import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { AgentConfiguration } from "../wire/agent/configuration.ts";
import { agentEnvironment, agentWords, writeAgentConfiguration } from "./agent-program.ts";
import { identifyProcess, isAlive, type ProcessIdentity, readIdentity } from "./process-identity.ts";

export interface LocalAgentOptions {
  readonly agentId: string;
  /** Of its configuration, its state and its log; made when missing. */
  readonly folder: string;
  /** The Node.js that runs the agent. */
  readonly execPath: string;
  readonly onDied: () => void;
  readonly log: (line: string) => void;
}

const WATCH_MS = 200;
/** From one start to the next: an agent that cannot live (a full disk) is tried again, but not all the time. */
const START_AGAIN_MS = 1_000;
const CLOSE_MS = 5_000;

/**
 * Of root's agent, which mounts disks and file systems for its nodes, in the same process: what it mounts goes with it and its nodes, however
 * they end. Where it cannot be apart, it cannot mount anything either.
 */
const WITH_OWN_MOUNTS = `unshare --mount --propagation slave true 2>/dev/null && exec unshare --mount --propagation slave "$@"
exec "$@"`;

export class LocalAgent {
  readonly #options: LocalAgentOptions;
  readonly #configurationFile: string;
  readonly #stateFile: string;
  #process: ProcessIdentity | undefined;
  #watch: NodeJS.Timeout | undefined;
  #starting: Promise<void> | undefined;
  #lastStart = -START_AGAIN_MS;
  #closed = false;

  constructor(options: LocalAgentOptions) {
    this.#options = options;
    this.#configurationFile = join(options.folder, "configuration.json");
    this.#stateFile = join(options.folder, "agent.json");
  }

  get agentId(): string {
    return this.#options.agentId;
  }

  /** There was one, in this service's time or before. */
  get wasStarted(): boolean {
    return existsSync(this.#stateFile);
  }

  configure(configuration: AgentConfiguration): void {
    mkdirSync(this.#options.folder, { recursive: true, mode: 0o700 });
    writeAgentConfiguration(this.#configurationFile, configuration);
  }

  /** Resolves when it lives. */
  async ensure(): Promise<void> {
    if (this.#process) return;
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    await this.#starting;
  }

  /** Takes over the process that the state file names. False when none is alive. */
  adopt(): boolean {
    if (this.#process) return true;
    const recorded = readIdentity(this.#stateFile);
    if (!recorded || !isAlive(recorded)) return false;
    this.#attend(recorded);
    return true;
  }

  /** Ends it, with all that it runs, and waits until it has gone. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#starting?.catch(() => {});
    this.adopt();
    clearInterval(this.#watch);
    const agent = this.#process;
    if (!agent) return;
    signal(agent, "SIGTERM");
    const killAt = Date.now() + CLOSE_MS;
    for (let killed = false; isAlive(agent); await delay(10)) {
      if (killed || Date.now() < killAt) continue;
      signal(agent, "SIGKILL");
      killed = true;
    }
  }

  async #start(): Promise<void> {
    const wait = this.#lastStart + START_AGAIN_MS - performance.now();
    if (wait > 0) await delay(wait);
    if (this.#closed) throw new Error("The local driver is closed.");
    if (this.adopt()) return;
    this.#lastStart = performance.now();
    const { execPath, folder, log } = this.#options;
    // Heard of here: the shell that begins an agent of root's would only end.
    accessSync(execPath, constants.X_OK);
    const logFile = openSync(join(folder, "agent.log"), "w", 0o600);
    const words = [...agentWords(this.#configurationFile), "--state", this.#stateFile];
    const [program, given] =
      process.geteuid?.() === 0
        ? ["/bin/sh", ["-c", WITH_OWN_MOUNTS, "sh", execPath, ...words]]
        : [execPath, words];
    const child = spawn(program, given, {
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
    this.#process = agent;
    this.#watch = setInterval(() => {
      if (!isAlive(agent)) this.#died(agent);
    }, WATCH_MS).unref();
  }

  #died(agent: ProcessIdentity): void {
    if (this.#process !== agent) return;
    clearInterval(this.#watch);
    this.#process = undefined;
    if (this.#closed) return;
    // It may have given way to an older one that no service had known of.
    if (this.adopt()) return;
    this.#options.log(`agent ${agent.pid} has died; another one takes up its nodes`);
    this.#options.onDied();
  }
}

function signal({ pid }: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has gone by itself.
  }
}
