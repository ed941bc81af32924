/** How much of the disk some folders take, as du(1) counts it: in a process of its own, for there may be millions of files. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";

/** Milliseconds. */
const MEASURE_MAX_MS = 300_000;

/**
 * Bytes. What the agent may not look into, and what was removed while it is still open, is not counted.
 * @param folders absolute; those that are not there take nothing
 */
export function folderUse(folders: readonly string[], signal: AbortSignal): Promise<number> {
  return summed("--block-size=1", folders, signal);
}

/** Files, folders and links; otherwise as `folderUse`. */
export function folderFiles(folders: readonly string[], signal: AbortSignal): Promise<number> {
  return summed("--inodes", folders, signal);
}

function summed(what: string, folders: readonly string[], signal: AbortSignal): Promise<number> {
  const there = folders.filter((folder) => existsSync(folder));
  const words = ["-n", "19", "du", "--summarize", what, "--one-file-system", "--", ...there];
  return new Promise((resolve) => {
    const options = { timeout: MEASURE_MAX_MS, signal, killSignal: "SIGKILL" } as const;
    // It complains of what goes while it looks; what it has counted, it tells all the same.
    execFile("nice", words, options, (_, said) => {
      let sum = 0;
      for (const line of said.split("\n")) sum += Number.parseInt(line, 10) || 0;
      resolve(sum);
    });
  });
}
