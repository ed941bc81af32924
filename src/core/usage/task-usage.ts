/** What attempts of tasks used, as it is measured, added up and kept. Pure. */
import type { RunUsage } from "../../wire/agent/messages.ts";

/** One attempt's, or several attempts' together. */
export interface TaskUsage {
  /** Microseconds of a processor. */
  readonly userTime: number;
  readonly kernelTime: number;
  /** Milliseconds. */
  readonly wallTime: number;
  /** Of 512 bytes. */
  readonly blocksRead: number;
  readonly blocksWritten: number;
}

const NONE: TaskUsage = { userTime: 0, kernelTime: 0, wallTime: 0, blocksRead: 0, blocksWritten: 0 };

/** Of one attempt. Where nothing was measured the time that it took is known all the same. */
export function attemptUsage(startedAt: number, endedAt: number, measured: RunUsage | undefined): TaskUsage {
  const { userTime, kernelTime, blocksRead, blocksWritten } = { ...NONE, ...measured };
  return { userTime, kernelTime, wallTime: Math.max(0, endedAt - startedAt), blocksRead, blocksWritten };
}

export function usagePlus(one: TaskUsage, other: TaskUsage): TaskUsage {
  return {
    userTime: one.userTime + other.userTime,
    kernelTime: one.kernelTime + other.kernelTime,
    wallTime: one.wallTime + other.wallTime,
    blocksRead: one.blocksRead + other.blocksRead,
    blocksWritten: one.blocksWritten + other.blocksWritten,
  };
}

/** Short, as every task's row has one. */
export function usageText({ userTime, kernelTime, wallTime, blocksRead, blocksWritten }: TaskUsage): string {
  return JSON.stringify([userTime, kernelTime, wallTime, blocksRead, blocksWritten]);
}

/** What `usageText` wrote; nothing for null. */
export function usageOf(text: string | null): TaskUsage {
  if (text === null) return NONE;
  const [userTime = 0, kernelTime = 0, wallTime = 0, blocksRead = 0, blocksWritten = 0] = JSON.parse(
    text,
  ) as number[];
  return { userTime, kernelTime, wallTime, blocksRead, blocksWritten };
}
