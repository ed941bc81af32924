/** Where a service keeps its state when the user does not say. Creates nothing but the folder of an ephemeral service. */
import { mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

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
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}
