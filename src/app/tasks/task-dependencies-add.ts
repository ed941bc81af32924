/** Writes down what a new task waits for. Source: Azure Batch REST, "TaskDependencies". */
import { Fault } from "../../core/fault.ts";
import { mergedRanges } from "../../core/lifecycle/number-runs.ts";
import type { Connection } from "../../store/engine/connection.ts";
import {
  dependencyIdsInsert,
  dependencyRangesInsert,
  rangesInsert,
} from "../../store/work/task-dependencies.ts";
import {
  TASK_DEPENDENCY_IDS_MAX_CHARACTERS,
  TASK_DEPENDENCY_RANGES_MAX_CHARACTERS,
} from "../../wire/batch/limits.ts";
import type { TaskAddParameter } from "../../wire/batch/models-types.gen.ts";

type DependsOn = NonNullable<TaskAddParameter["dependsOn"]>;

export interface DependenciesWanted {
  /** Lower-case, each once. */
  readonly ids: readonly string[];
  readonly ranges: readonly (readonly [number, number])[];
}

/** @throws Fault TaskDependencyListTooLong, TaskDependencyRangesTooLong */
export function dependenciesWanted({ taskIds = [], taskIdRanges = [] }: DependsOn): DependenciesWanted {
  const characters = taskIds.reduce((sum, id) => sum + id.length, 0);
  if (characters > TASK_DEPENDENCY_IDS_MAX_CHARACTERS) throw new Fault("TaskDependencyListTooLong");
  const merged = mergedRanges(taskIdRanges.map(({ start, end }) => ({ first: start, last: end })));
  const ranges = merged.map(({ first, last }) => [first, last] as const);
  const written = ranges.reduce((sum, range) => sum + range.join("-").length, 0);
  if (written > TASK_DEPENDENCY_RANGES_MAX_CHARACTERS) throw new Fault("TaskDependencyRangesTooLong");
  return { ids: [...new Set(taskIds.map((id) => id.toLowerCase()))], ranges };
}

/** @returns how many of the dependencies are not satisfied yet */
export async function taskDependenciesAdd(
  c: Connection,
  jobKey: number,
  taskKey: number,
  wanted: DependenciesWanted,
): Promise<number> {
  const task = { task_key: taskKey, job_key: jobKey };
  let blocked = 0;
  if (wanted.ids.length > 0)
    blocked += await dependencyIdsInsert.run(c, { ...task, ids: JSON.stringify(wanted.ids) });
  if (wanted.ranges.length > 0) {
    const ranges = JSON.stringify(wanted.ranges);
    await rangesInsert.run(c, { job_key: jobKey, ranges });
    blocked += await dependencyRangesInsert.run(c, { ...task, ranges });
  }
  return blocked;
}
