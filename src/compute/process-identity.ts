/** Names one process for ever: its number, and when it started, for numbers come again. */
import { readFileSync } from "node:fs";

export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot, field 22 of proc_pid_stat(5). */
  readonly startTime: number;
}

/** Undefined when there is no such process, or only its remains. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return undefined;
  }
  // The second field is the program's name in brackets and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const state = fields[0];
  if (state === "Z" || state === "X") return undefined;
  return { pid, startTime: Number(fields[19]) };
}

export function isAlive(process: ProcessIdentity): boolean {
  return identifyProcess(process.pid)?.startTime === process.startTime;
}

/** As a process has written it down for whoever comes after it; undefined for a file that is not there, or says anything else. */
export function readIdentity(file: string): ProcessIdentity | undefined {
  try {
    const { pid, startTime } = JSON.parse(readFileSync(file, "utf8"));
    // Signals to numbers below 1 go to many processes at once: kill(2).
    const isIdentity = Number.isSafeInteger(pid) && pid > 1 && Number.isSafeInteger(startTime);
    return isIdentity ? { pid, startTime } : undefined;
  } catch {
    return undefined;
  }
}
