/** Where a service keeps its state when the user does not say. Creates nothing but the folder of an ephemeral service. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { extname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const REMOVE_PROGRAM = fileURLToPath(
  new URL(`../../agent/remove${extname(import.meta.url)}`, import.meta.url),
);

/** `--data`, else the user's state folder (XDG Base Directory Specification: a relative path there is ignored). */
export function dataFolder(option: string | undefined, environment = process.env): string {
  if (option !== undefined) return resolve(option);
  const state = environment.XDG_STATE_HOME;
  const base = state !== undefined && isAbsolute(state) ? state : join(homedir(), ".local", "state");
  return join(base, "batchyard");
}

/** A folder that is gone, with all that is in it, after `remove`. */
export async function ephemeralFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "batchyard-"));
  return { path, remove: () => removeDataFolder(path) };
}

/**
 * With what nodes have left there that belongs to ids of their own.
 * @param agentFolder where their agent's configuration is
 */
export async function removeDataFolder(path: string, agentFolder = join(path, "agent")): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 5 });
  } catch (error) {
    if (!["EACCES", "EPERM", "ENAMETOOLONG"].includes((error as NodeJS.ErrnoException).code ?? ""))
      throw error;
    await promisify(execFile)(process.execPath, [REMOVE_PROGRAM, path, "--cache", agentFolder]);
  }
}
