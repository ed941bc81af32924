/** `batchyard` as a process of its own, the way a user starts it; nothing is imported from the sources. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { removeDataFolder } from "../../src/cli/service/data-folder.ts";
import type { ReadyLine } from "../../src/client/service-endpoints.ts";
import { searchFoldersForLeaks, searchForLeaks } from "../wire/leak-search.fixture.ts";
import { noteCredentials, noteSecretsInJson } from "../wire/seen-secrets.fixture.ts";

export const batchyardBin = fileURLToPath(new URL("../../bin/batchyard.js", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Start {
  readonly environment?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly bin?: string;
  readonly node?: string;
}

/** Starts it; `ended` collects its output and resolves when its streams are closed; rejects when a secret was told on stderr. */
export function spawnBatchyard(parameters: readonly string[], start: Start = {}) {
  const { environment = process.env, cwd, bin = batchyardBin, node = process.execPath } = start;
  const child = spawn(node, [bin, ...parameters], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
    ...(cwd !== undefined && { cwd }),
  });
  return { child, ended: collect(child) };
}

/** Runs a command to its end. */
export function batchyard(parameters: readonly string[], start?: Start): Promise<Ended> {
  return spawnBatchyard(parameters, start).ended;
}

async function collect(child: ChildProcess): Promise<Ended> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("streams must be pipes");
  const closed = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  const [[code, signal], out, err] = await Promise.all([closed, text(stdout), text(stderr)]);
  noteSecretsInJson(out);
  searchForLeaks(undefined, err);
  return { code, signal, stdout: out, stderr: err };
}

/** A line of a running command's output; rejects when the command ends without one. */
export async function firstLine(run: ReturnType<typeof spawnBatchyard>): Promise<string> {
  const { stdout } = run.child;
  if (stdout === null) throw new Error("stdout must be a pipe");
  const lines = createInterface({ input: stdout });
  const none = run.ended.then(({ code, stderr }) => {
    throw new Error(`ended with ${code} before its first line: ${stderr}`);
  });
  const [line] = await Promise.race([once(lines, "line"), none]);
  return line as string;
}

export interface UpProcess {
  readonly ready: ReadyLine;
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** SIGTERM, and wait. */
  stop(): Promise<Ended>;
}

/** `batchyard up --json` on any free ports, once it is ready. */
export async function up(parameters: readonly string[], start?: Start): Promise<UpProcess> {
  const run = spawnBatchyard(["up", "--json", "--port", "0", ...parameters], start);
  const ready = JSON.parse(await firstLine(run)) as ReadyLine;
  noteCredentials(ready);
  return {
    ready,
    pid: run.child.pid ?? 0,
    ended: run.ended,
    stop: () => {
      run.child.kill("SIGTERM");
      return run.ended;
    },
  };
}

/** A folder for one test file. Removing it looks for secrets in the data folders below it. */
export async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), "batchyard-test-"));
  const remove = async () => {
    try {
      searchFoldersForLeaks(path);
    } finally {
      await removeDataFolder(path);
    }
  };
  return { path, remove };
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
