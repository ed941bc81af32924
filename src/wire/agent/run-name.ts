/** Names of runs: which attempt of what an agent's report speaks of. */
import type { RunId } from "../../wire/agent/messages.ts";

export type RunName =
  | { readonly kind: "task"; readonly taskKey: number; readonly attempt: number }
  | { readonly kind: "startTask"; readonly nodeKey: number; readonly attempt: number }
  | {
      readonly kind: "preparation" | "release";
      readonly jobNodeKey: number;
      readonly attempt: number;
    };

export function taskRun(taskKey: number, attempt: number): RunId {
  return `t:${taskKey}:${attempt}`;
}

export function startTaskRun(nodeKey: number, attempt: number): RunId {
  return `s:${nodeKey}:${attempt}`;
}

export function preparationRun(jobNodeKey: number, attempt: number): RunId {
  return `p:${jobNodeKey}:${attempt}`;
}

export function releaseRun(jobNodeKey: number, attempt: number): RunId {
  return `r:${jobNodeKey}:${attempt}`;
}

/** Undefined for what this service never gave out. */
export function parseRun(run: RunId): RunName | undefined {
  const match = /^([tspr]):(\d{1,15}):(\d{1,9})$/.exec(run);
  if (!match) return undefined;
  const key = Number(match[2]);
  const attempt = Number(match[3]);
  switch (match[1]) {
    case "t":
      return { kind: "task", taskKey: key, attempt };
    case "s":
      return { kind: "startTask", nodeKey: key, attempt };
    default:
      return { kind: match[1] === "p" ? "preparation" : "release", jobNodeKey: key, attempt };
  }
}
