/** Lets the dependents of a task go that has completed in a satisfying way, and counts again when it is no longer there. */
import type { Connection } from "../../store/engine/connection.ts";
import {
  dependenciesOnId,
  dependenciesOnNumber,
  dependencyRemainingSet,
  taskBlockedShift,
} from "../../store/work/task-dependencies.ts";
import type { TaskRow } from "../../store/work/tasks.ts";

export async function taskReleaseDependents(
  c: Connection,
  task: Pick<TaskRow, "job_key" | "id_lower" | "id_number">,
): Promise<void> {
  const waiting = await dependenciesOnId.all(c, { job_key: task.job_key, on_id: task.id_lower });
  if (task.id_number !== null) {
    waiting.push(...(await dependenciesOnNumber.all(c, { job_key: task.job_key, number: task.id_number })));
  }
  for (const { key, task_key, remaining } of waiting) {
    await dependencyRemainingSet.run(c, { key, remaining: remaining - 1 });
    if (remaining === 1) await taskBlockedShift.run(c, { key: task_key, delta: -1 });
  }
}

/**
 * For a task that is deleted or reactivated. Whoever has been let go stays so; a range that still waits for others waits for
 * this number again, or it would be counted twice.
 */
export async function taskHoldDependents(
  c: Connection,
  { job_key, id_number, satisfies }: Pick<TaskRow, "job_key" | "id_number" | "satisfies">,
): Promise<void> {
  if (satisfies === 0 || id_number === null) return;
  for (const { key, remaining } of await dependenciesOnNumber.all(c, { job_key, number: id_number })) {
    await dependencyRemainingSet.run(c, { key, remaining: remaining + 1 });
  }
}
