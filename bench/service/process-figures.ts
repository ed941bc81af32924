/** What the kernel tells about processes: the CPU time they took and the memory they hold. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const TICKS_PER_SECOND = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
/** Fields of /proc/PID/stat behind the command's name, see proc(5): state is the first of them. */
const [PARENT, USER_TIME, SYSTEM_TIME] = [1, 11, 12];

/** User and system time of all threads, in steps of a hundredth of a second. */
export function cpuSeconds(pid: number): number {
  const fields = stat(pid);
  return (Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME])) / TICKS_PER_SECOND;
}

/** The same of the threads that there are, exactly, for what takes less than such a step: the time on a processor in `schedstat`. */
export function cpuMilliseconds(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map((thread) => {
    const [onProcessor] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ");
    return Number(onProcessor);
  });
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6;
}

export interface Memory {
  /** Megabytes of 10^6 bytes. What several processes share counts in each. */
  readonly rss: number;
  /** What several processes share is divided among them, those of other programs included. */
  readonly pss: number;
}

export function memoryOf(pids: readonly number[]): Memory {
  const rollups = pids.map((pid) => readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
  const sum = (name: string) =>
    rollups.reduce(
      (total, text) => total + Number(new RegExp(`^${name}: +(\\d+) kB`, "m").exec(text)?.[1] ?? 0),
      0,
    ) *
    1024 *
    1e-6;
  return { rss: sum("Rss"), pss: sum("Pss") };
}

/** What a process held at the most since it was forgotten last, in megabytes. See proc(5), VmHWM. */
export function peakRss(pid: number): number {
  return (
    Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024 * 1e-6
  );
}

/** See proc(5), clear_refs. */
export function forgetPeakRss(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}

/** The processes below one, at any depth. */
export function descendantsOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(Number(name));
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const below = (of: number): number[] =>
    (children.get(of) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(stat(pid)[PARENT]);
  } catch {
    return undefined; // gone meanwhile
  }
}

function stat(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name may hold anything, parentheses and spaces included; the last parenthesis ends it.
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}
