/**
 * Finds processes by a variable of their environment. This is how a run's processes are known where no PID namespace
 * holds them: they may leave their session and their parent, but they keep what they inherited.
 */
import { readdir, readFile } from "node:fs/promises";

/** Set for every process of a run in containment "session"; its value is a `runMark`. */
export const MARK_VARIABLE = "BATCHYARD_RUN";

/** The `#` at the end keeps one run from being the beginning of another. */
export function runMark(nodeRoot: string, run: string): string {
  return `${nodeMark(nodeRoot)}${encodeURIComponent(run)}#`;
}

/** How the marks of all runs of a node begin. */
export function nodeMark(nodeRoot: string): string {
  return `${nodeRoot}#`;
}

/** Kills every process whose mark begins with one of these, again and again until a look finds none. Returns how many it killed. */
export async function killMarked(...markBeginnings: readonly string[]): Promise<number> {
  const wanted = markBeginnings.map((beginning) => Buffer.from(`${MARK_VARIABLE}=${beginning}`));
  const killed = new Set<number>();
  for (;;) {
    let found = false;
    for (const name of await readdir("/proc")) {
      const pid = Number(name);
      if (!Number.isInteger(pid)) continue;
      const environment = await environmentOf(pid);
      if (!wanted.some((mark) => environment?.includes(mark))) continue;
      try {
        process.kill(pid, "SIGKILL");
        killed.add(pid);
        found = true;
      } catch {
        // It has gone by itself.
      }
    }
    if (!found) return killed.size;
  }
}

async function environmentOf(pid: number): Promise<Buffer | undefined> {
  try {
    return await readFile(`/proc/${pid}/environ`);
  } catch {
    return undefined; // gone, or another user's
  }
}
