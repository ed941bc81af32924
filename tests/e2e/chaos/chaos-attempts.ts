/** What the tasks of a chaos wrote about their own attempts, held against what the service says and what it may do. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TaskResource } from "../batch-client.ts";
import type { Chaos, Plan } from "./chaos-load.ts";

/** The shell init goes on with what it is starting for a moment after its agent was killed, and then kills it. */
const AFTERMATH_MS = 1_000;

/** One attempt, by the file that its own command wrote. Times are milliseconds since the epoch. */
export interface Attempt {
  readonly number: number;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** By task, in the order of their numbers. */
export function readAttempts(marks: string): Map<string, Attempt[]> {
  const attempts = new Map<string, Attempt[]>();
  for (const name of readdirSync(marks)) {
    const [id = "", number = ""] = name.split(".");
    if (number === "failed") continue;
    const lines = readFileSync(join(marks, name), "utf8").split("\n");
    const times = (word: string) =>
      lines
        .filter((line) => line.startsWith(`${word} `))
        .map((line) => Number(line.slice(word.length)) / 1e6);
    const attempt = { number: Number(number), starts: times("start"), ends: times("end") };
    // The shell makes the file before it asks for the time, and may be killed in between: that attempt has done nothing.
    if (lines.length === 1) continue;
    attempts.set(
      id,
      [...(attempts.get(id) ?? []), attempt].sort((a, b) => a.number - b.number),
    );
  }
  return attempts;
}

/** In words; none when invariants 1 and 2 hold for the task. */
export function violationsOf(
  task: TaskResource,
  { kind }: Plan,
  attempts: readonly Attempt[],
  { completed, agentEnds }: Chaos,
): string[] {
  const violations: string[] = [];
  const insist = (holds: boolean, what: string) => {
    if (!holds) violations.push(`${what}: ${JSON.stringify({ task, attempts })}`);
  };
  insist(task.state === "completed", "is not completed");
  insist(task.executionInfo?.exitCode === (kind === "fails" ? 7 : 0), "has another exit code");
  insist(task.executionInfo?.requeueCount === 0, "counts a requeue that nobody asked for");
  const retries = task.executionInfo?.retryCount ?? 0;
  const wantedRetries = kind === "fails once" ? 1 : 0;
  insist(retries <= wantedRetries, "counts too many retries");
  insist(attempts.length > 0, "never started");
  if (agentEnds.length === 0) {
    insist(retries === wantedRetries, "was not retried");
    insist(attempts.length === 1 + wantedRetries, "was interrupted though only the service died");
  }
  const readable = completed.get(task.id) ?? Infinity;
  let last: Attempt | undefined;
  for (const attempt of attempts) {
    const [start = Infinity] = attempt.starts;
    insist(attempt.starts.length === 1, `attempt ${attempt.number} started ${attempt.starts.length} times`);
    insist(
      start <= readable,
      `attempt ${attempt.number} started after completed was readable at ${readable}`,
    );
    if (last) {
      const [lastStart = 0] = last.starts;
      const [lastEnd = 0] = last.ends;
      const excused = agentEnds.some(
        ({ before, after }) => after + AFTERMATH_MS >= lastStart && before <= start,
      );
      insist(lastEnd <= start, `attempt ${attempt.number} overlaps the one before`);
      insist(excused || kind === "fails once", `attempt ${attempt.number} follows on no loss`);
    }
    last = attempt;
  }
  insist(last?.ends.length === 1, "completed without its last attempt having ended");
  return violations;
}
