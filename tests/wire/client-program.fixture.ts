/** Runs a program that knows nothing of this repository through `batchyard run`, as a user does. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { VersionReport } from "../../src/wire/versions/versions-api.ts";
import type { Json } from "./batch-client.fixture.ts";
import { searchForLeaks } from "./leak-search.fixture.ts";

const BATCHYARD = fileURLToPath(new URL("../../bin/batchyard.js", import.meta.url));

export const programFile = (name: string): string =>
  fileURLToPath(new URL(`programs/${name}`, import.meta.url));

export interface ProgramEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * @param options of `batchyard run`, such as `--lenient-audience`
 * @throws Error when service or program told a secret on stderr
 */
export async function batchyardRun(
  words: readonly string[],
  options: readonly string[] = ["--ephemeral"],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<ProgramEnd> {
  const end = await programEnd(process.execPath, [BATCHYARD, "run", ...options, "--", ...words], environment);
  searchForLeaks(undefined, end.stderr);
  return end;
}

export async function programEnd(
  program: string,
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<ProgramEnd> {
  const child = spawn(program, words, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  const [[code], stdout, stderr] = await Promise.all([
    once(child, "close"),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}

/** What the program printed as its last line. @throws with its stderr when it failed */
export function printed({ code, stdout, stderr }: ProgramEnd): Json {
  if (code !== 0) throw new Error(`the program ended with ${code}:\n${stdout}\n${stderr}`);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

/** What `--report --json` told of the program. */
export function reported({ stderr }: ProgramEnd): VersionReport {
  return JSON.parse(stderr.trim().split("\n").at(-1) ?? "");
}

/** Whether tests of a program must be skipped, which is said aloud. */
export function missing(what: string, program: string, words: readonly string[]): boolean {
  const probe = spawnSync(program, words, { stdio: "ignore" });
  const isMissing = probe.error !== undefined || probe.status !== 0;
  if (isMissing) console.warn(`SKIPPED: ${what} is not installed here (${program} ${words.join(" ")})`);
  return isMissing;
}
