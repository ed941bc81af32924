/**
 * Provides the program that a node's init runs: the C one, shipped built or compiled here once, or else the shell one.
 * It starts nothing that stays.
 */
import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { access, constants, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export type InitProgram =
  | { readonly dialect: "binary"; readonly command: readonly [file: string, ...rest: string[]] }
  | {
      readonly dialect: "shell";
      readonly command: readonly [file: string, ...rest: string[]];
      /** Why it is not the C one, for people. */
      readonly reason: string;
    };

/** The same two levels up from the sources and from the published `dist/agent`. */
const NATIVE_FOLDER = fileURLToPath(new URL("../../native", import.meta.url));
/** A checkout's cache of compiled programs. A published package has its program built. */
const CHECKOUT_CACHE = import.meta.url.endsWith(".ts")
  ? fileURLToPath(new URL("../../node_modules/.cache/batchyard", import.meta.url))
  : undefined;
const PROBE_MS = 5_000;

/**
 * @param cacheFolder where a compiled init is kept, for all agents that are given this folder, unless the checkout can keep it
 * @param wish `BATCHYARD_NODE_INIT`, for tests and for machines on which the best misbehaves: `shell`, or `session` for the
 *   C one without namespaces
 */
export async function findInitProgram(cacheFolder: string, wish: string | undefined): Promise<InitProgram> {
  const shell = (reason: string): InitProgram => ({
    dialect: "shell",
    command: ["/bin/sh", join(NATIVE_FOLDER, "node-init.sh")],
    reason,
  });
  if (wish === "shell") return shell("asked for by BATCHYARD_NODE_INIT");
  const binary = (file: string): InitProgram => ({
    dialect: "binary",
    command: wish === "session" ? [file, "session"] : [file],
  });
  try {
    const shipped = join(NATIVE_FOLDER, "build", `${process.platform}-${process.arch}`, "node-init");
    if (await startsUp(shipped)) return binary(shipped);
    const version = await sourcesVersion();
    // The checkout may be another user's, or have been used on another machine.
    const shared = CHECKOUT_CACHE && (await compileOnce(version, CHECKOUT_CACHE).catch(() => undefined));
    if (shared && (await startsUp(shared))) return binary(shared);
    const own = await compileOnce(version, cacheFolder);
    if (await startsUp(own)) return binary(own);
    return shell(`${own} does not run on this machine`);
  } catch (error) {
    return shell(error instanceof Error ? error.message.split("\n", 1).join() : String(error));
  }
}

async function sourcesVersion(): Promise<string> {
  const files = (await readdir(NATIVE_FOLDER, { recursive: true }))
    .filter((name) => /\.[ch]$/.test(name))
    .sort();
  const hash = createHash("sha256");
  for (const name of files) hash.update(await readFile(join(NATIVE_FOLDER, name)));
  return hash.digest("hex").slice(0, 12);
}

/** The file's name tells the sources' version. Two who compile at once both succeed: each renames a file of its own. */
async function compileOnce(version: string, folder: string): Promise<string> {
  const program = join(folder, `node-init-${version}`);
  if (existsSync(program)) return program;
  await mkdir(folder, { recursive: true });
  await access(folder, constants.W_OK);
  const unfinished = `${program}.${hostname()}.${process.pid}`; // other machines may share the folder
  const names = (await readdir(NATIVE_FOLDER, { recursive: true })).filter((name) => name.endsWith(".c"));
  const sources = names.map((name) => join(NATIVE_FOLDER, name));
  const flags = ["-std=gnu11", "-O2", "-I", NATIVE_FOLDER, "-o", unfinished, ...sources];
  try {
    // Static is leaner to fork, but not every machine with a compiler has a static C library.
    await run("cc", ["-static", ...flags]).catch(() => run("cc", flags));
    await rename(unfinished, program);
  } finally {
    await rm(unfinished, { force: true });
  }
  return program;
}

function run(file: string, words: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(file, words, (error) => {
      if (!error) resolve();
      else
        reject(
          new Error(error.code === "ENOENT" ? `no C compiler (${file}) on this machine` : error.message),
        );
    });
  });
}

/** Starts it with nothing to do: it must say that it is ready and end. */
function startsUp(file: string): Promise<boolean> {
  if (!existsSync(file)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const probe = spawn(file, [], { stdio: ["ignore", "pipe", "ignore"], timeout: PROBE_MS, env: {} });
    let said = "";
    probe.stdout.on("data", (piece) => {
      said += piece;
    });
    probe.on("error", () => resolve(false));
    probe.on("close", (code) => resolve(code === 0 && said.startsWith("ready ")));
  });
}
