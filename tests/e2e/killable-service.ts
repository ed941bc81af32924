/**
 * A service as a process of its own, on ports that it keeps, with the ways to end it: `kill -9` of it, of its agent, or a
 * proper stop. Knows how to find what of it is still alive; what a request means is `batch-client.ts`'s.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { removeDataFolder } from "../../src/cli/service/data-folder.ts";
import type { ReadyLine } from "../../src/client/service-endpoints.ts";
import { searchForLeaks } from "../wire/leak-search.fixture.ts";
import { noteCredentials } from "../wire/seen-secrets.fixture.ts";
import { batchyard, batchyardBin } from "./batchyard-process.ts";

const LOOK_AGAIN_MS = 10;
const WAIT_MS = 60_000;

export interface KillableServiceOptions {
  /** Default: a new one, removed at the end. */
  readonly folder?: string;
  /** Where its stderr goes. Default: a file beside the folder, removed at the end. */
  readonly logFile?: string;
  /** Added to this process's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Further words of `batchyard up`. */
  readonly parameters?: readonly string[];
}

export class KillableService {
  readonly folder: string;
  readonly #ownFolder: string | undefined;
  readonly #logFile: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #parameters: readonly string[];
  readonly #port: number;
  #process: ChildProcess | undefined;
  #ready: ReadyLine | undefined;

  /** Not started yet. */
  static async create(options: KillableServiceOptions = {}): Promise<KillableService> {
    return new KillableService(options, await freePorts());
  }

  /** Started, and ready. */
  static async start(options: KillableServiceOptions = {}): Promise<KillableService> {
    const service = await KillableService.create(options);
    try {
      await service.start();
      return service;
    } catch (error) {
      await service.dispose();
      throw error;
    }
  }

  private constructor(
    { folder, logFile, environment, parameters = [] }: KillableServiceOptions,
    port: number,
  ) {
    this.#ownFolder = folder === undefined ? mkdtempSync(join(tmpdir(), "batchyard-kill-")) : undefined;
    this.folder = folder ?? (this.#ownFolder as string);
    this.#logFile = logFile ?? `${this.folder}.log`;
    this.#environment = { ...process.env, ...environment };
    this.#parameters = parameters;
    this.#port = port;
  }

  get ready(): ReadyLine {
    if (!this.#ready) throw new Error("the service was never ready");
    return this.#ready;
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** All that the service has written to stderr, over all its lives. */
  get log(): string {
    // A device may have no end.
    const isFile = statSync(this.#logFile, { throwIfNoEntry: false })?.isFile() ?? false;
    return isFile ? readFileSync(this.#logFile, "utf8") : "";
  }

  async start(): Promise<void> {
    const log = openSync(this.#logFile, "a", 0o600);
    const child = spawn(
      process.execPath,
      [
        batchyardBin,
        "up",
        "--json",
        "--data",
        this.folder,
        "--port",
        String(this.#port),
        ...this.#parameters,
      ],
      { stdio: ["ignore", "pipe", log], env: this.#environment },
    );
    closeSync(log);
    this.#process = child;
    if (!child.stdout) throw new Error("stdout is a pipe");
    const ended = once(child, "exit").then(([code, signal]) => ({ end: code ?? signal }));
    const line = once(createInterface({ input: child.stdout }), "line").then(([line]) => ({ line }));
    const first = await Promise.race([line, ended]);
    if ("end" in first)
      throw new Error(`the service ended with ${first.end} before it was ready:\n${this.log}`);
    const ready: ReadyLine = JSON.parse(first.line);
    noteCredentials(ready);
    this.#ready = ready;
  }

  /** `kill -9`; resolves when the process is gone. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  /** The first account's agent, if it has written itself down and lives. */
  get agentPid(): number | undefined {
    try {
      const { pid, startTime } = JSON.parse(readFileSync(join(this.folder, "agent", "agent.json"), "utf8"));
      return startTimeOf(pid) === startTime ? pid : undefined;
    } catch {
      return undefined;
    }
  }

  /** `kill -9` of the agent, if there is one; resolves when it is gone. */
  async killAgent(): Promise<void> {
    const pid = this.agentPid;
    if (pid === undefined) return;
    process.kill(pid, "SIGKILL");
    await until(`the end of agent ${pid}`, () => startTimeOf(pid) === undefined);
  }

  /** `batchyard stop`. */
  async stop(): Promise<void> {
    const stopped = await batchyard(["stop", "--data", this.folder]);
    if (stopped.code !== 0) throw new Error(`batchyard stop: ${stopped.stderr}`);
  }

  /** Leaves neither process nor folder, however the test went. @throws Error when secrets stand in log or folder */
  async dispose(): Promise<void> {
    await this.kill();
    await this.killAgent();
    await until("the last process of the service", () => processesNaming(this.folder).length === 0);
    try {
      searchForLeaks(this.folder, this.log);
    } finally {
      await this.#removeOwn();
    }
  }

  async #removeOwn(): Promise<void> {
    if (this.#ownFolder !== undefined) await removeDataFolder(this.#ownFolder);
    if (this.#logFile === `${this.folder}.log`) rmSync(this.#logFile, { force: true });
  }
}

/** Resolves as soon as the condition holds, which is looked at again and again. */
export async function until<T>(
  what: string,
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  waitMs = WAIT_MS,
): Promise<T> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await delay(LOOK_AGAIN_MS);
  }
}

/** Processes, on the whole machine, whose environment or command line holds the text. */
export function processesNaming(text: string): number[] {
  const hidden: number[] = [];
  const found = readdirSync("/proc")
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
    .filter((pid) => {
      const environment = procFile(pid, "environ");
      if (environment === undefined) hidden.push(pid);
      return environment?.includes(text) || procFile(pid, "cmdline")?.includes(text);
    });
  const more = process.geteuid?.() === 0 ? [] : namingBehindNamespaces(hidden, text);
  return [...new Set([...found, ...more])].sort((one, other) => one - other);
}

/** An ordinary user reads what belongs to ids of their nodes from inside the agent's user namespace only. */
function namingBehindNamespaces(pids: readonly number[], text: string): number[] {
  const byHolder = Map.groupBy(pids, holderOf);
  return [...byHolder].flatMap(([holder, held]) => {
    if (holder === undefined) return [];
    const files = held.map((pid) => `/proc/${pid}/environ`);
    const words = ["--target", String(holder), "--user", "grep", "-slF", "--", text, ...files];
    const { stdout } = spawnSync("nsenter", words, { encoding: "utf8" });
    return [...stdout.matchAll(/\d+/g)].map(Number);
  });
}

/** The nearest process above that is this user's: it is in the namespace. */
function holderOf(pid: number): number | undefined {
  for (let at = pid; at > 1; ) {
    const stat = procFile(at, "stat")?.toString("latin1");
    const owner = statSync(`/proc/${at}`, { throwIfNoEntry: false })?.uid;
    if (stat === undefined || owner === undefined) return undefined;
    if (owner === process.geteuid?.()) return at === pid ? undefined : at;
    at = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  }
  return undefined;
}

/** Those of them that execute this program, which tells a process from the shell that is about to become it. */
export function processesOf(program: string, text: string): number[] {
  return processesNaming(text).filter((pid) => procFile(pid, "comm")?.toString().trim() === program);
}

function procFile(pid: number, name: string): Buffer | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`);
  } catch {
    return undefined;
  }
}

/** Field 22 of proc_pid_stat(5): with it a pid names one process for ever. Undefined when it is gone, or a zombie. */
function startTimeOf(pid: number): number | undefined {
  const stat = procFile(pid, "stat")?.toString("latin1");
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields === undefined || fields[0] === "Z" || fields[0] === "X" ? undefined : Number(fields[19]);
}

/** Listeners of one service, from the main port on. */
const PORTS = 4;

/** The first of a row that is free now, below the range from which the system gives ports to outgoing connections. */
export async function freePorts(): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    // The port of blobs stands before the main one.
    const row = Array.from({ length: PORTS + 1 }, (_, i) => first - 1 + i);
    if ((await Promise.all(row.map(isFree))).every(Boolean)) return first;
  }
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  try {
    probe.listen(port, "::");
    await once(probe, "listening");
    return true;
  } catch {
    return false;
  } finally {
    probe.close();
  }
}
