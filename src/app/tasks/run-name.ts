/** Names of runs: which attempt of what an agent's report speaks of. */
import type { RunId } from "../../wire/agent/messages.ts";

export type RunName =
  | { readonly kind: "task"; readonly taskKey: number; readonly attempt: number }
  | { readonly kind: "startTask"; readonly nodeKey: number; readonly attempt: number };

export function taskRun(taskKey: number, attempt: number): RunId {
  return `t:${taskKey}:${attempt}`;
}

export function startTaskRun(nodeKey: number, attempt: number): RunId {
  return `s:${nodeKey}:${attempt}`;
}

/** Undefined for what this service never gave out. */
export function parseRun(run: RunId): RunName | undefined {
  const match = /^([ts]):(\d{1,15}):(\d{1,9})$/.exec(run);
  if (!match) return undefined;
  const key = Number(match[2]);
  const attempt = Number(match[3]);
  return match[1] === "t"
    ? { kind: "task", taskKey: key, attempt }
    : { kind: "startTask", nodeKey: key, attempt };
}
