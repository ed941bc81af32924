/** The service under test, started as a user starts it: a process of its own on any free ports. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ReadyLine } from "../../src/client/service-endpoints.ts";
import { endsWithBench } from "../ends-with-bench.ts";

const STOP_MS = 15_000;

export interface ServiceStart {
  readonly dataFolder: string;
  readonly seedFile?: string;
  /** Default: the service's own choice. */
  readonly isolation?: "namespace" | "process";
  /** Further options of `batchyard up`. */
  readonly options?: readonly string[];
  /** See `service-program.ts`. */
  readonly program: string;
  /** Where Node keeps the compiled code; an empty folder makes the first start a cold one. */
  readonly cacheFolder: string;
  /** Options for Node itself, such as `--cpu-prof`. */
  readonly nodeOptions?: readonly string[];
}

export interface ServiceProcess {
  readonly ready: ReadyLine;
  readonly pid: number;
  readonly dataFolder: string;
  /** Seconds from the start of the process to its ready line. */
  readonly startSeconds: number;
  /** Of the agent that runs beside it. @throws when there is none */
  agentPid(): number;
  stop(): Promise<void>;
}

export async function startService(start: ServiceStart): Promise<ServiceProcess> {
  const { dataFolder, seedFile, isolation, options = [], program, cacheFolder, nodeOptions = [] } = start;
  const logFile = `${dataFolder}.log`;
  const words = ["up", "--json", "--port", "0", "--data", dataFolder, ...options];
  if (seedFile !== undefined) words.push("--seed", seedFile);
  if (isolation !== undefined) words.push("--isolation", isolation);
  const started = performance.now();
  const child = endsWithBench(
    spawn(process.execPath, [...nodeOptions, program, ...words], {
      stdio: ["ignore", "pipe", openSync(logFile, "a")],
      env: { ...process.env, XDG_CACHE_HOME: cacheFolder },
    }),
  );
  const line = await firstLine(child, logFile);
  const startSeconds = (performance.now() - started) / 1_000;
  const ready = JSON.parse(line) as ReadyLine;
  return {
    ready,
    pid: child.pid ?? 0,
    dataFolder,
    startSeconds,
    agentPid: () => JSON.parse(readFileSync(join(dataFolder, "agent", "agent.json"), "utf8")).pid,
    stop: () => stop(child),
  };
}

async function firstLine(child: ChildProcess, logFile: string): Promise<string> {
  if (child.stdout === null) throw new Error("stdout must be a pipe");
  const line = once(createInterface({ input: child.stdout }), "line") as Promise<[string]>;
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`the service ended with ${code} before it was ready:\n${readFileSync(logFile, "utf8")}`);
  });
  const [first] = await Promise.race([line, ended]);
  return first as string;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const impatient = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await ended;
  clearTimeout(impatient);
}
