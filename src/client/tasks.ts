/** The operations of tasks, and adding more of them than one request holds. */

import type { TaskAddParameter, TaskAddResult } from "../wire/batch/models-types.gen.ts";
import { BatchError } from "./batch-error.ts";
import { TaskOperations } from "./operations.gen.ts";
import type { RequestOptions } from "./request-options.ts";

/** "Task - Add Collection". */
const MAX_TASKS_AT_ONCE = 100;

export class Tasks extends TaskOperations {
  /**
   * Adds any number of tasks, a hundred at a time and fewer where they are large. A task that is refused stops no other: its
   * result has an `error`.
   * @returns a result for each task, in their order
   * @throws BatchError when a request fails as a whole; tasks of earlier requests have been added then
   */
  async addCollection(
    jobId: string,
    tasks: readonly TaskAddParameter[],
    options?: RequestOptions,
  ): Promise<TaskAddResult[]> {
    const results: TaskAddResult[] = [];
    let size = MAX_TASKS_AT_ONCE;
    while (results.length < tasks.length) {
      const value = tasks.slice(results.length, results.length + size);
      try {
        const added = await this.addCollectionAtOnce(jobId, { value }, options);
        results.push(...inOrderOf(value, added.value ?? []));
      } catch (error) {
        if (!isTooLarge(error) || value.length === 1) throw error;
        // The next ones are likely to be as large, so the size stays halved.
        size = Math.ceil(value.length / 2);
      }
    }
    return results;
  }
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof BatchError && error.status === 413 && error.code === "RequestBodyTooLarge";

/** @throws Error when the service left a task out, for a caller could not tell which */
function inOrderOf(
  tasks: readonly TaskAddParameter[],
  results: readonly TaskAddResult[],
): readonly TaskAddResult[] {
  if (results.length !== tasks.length) {
    throw new Error(`${tasks.length} tasks were sent and ${results.length} results came back`);
  }
  const places = new Map(tasks.map(({ id }, place) => [id, place]));
  return results.toSorted((a, b) => (places.get(a.taskId) ?? 0) - (places.get(b.taskId) ?? 0));
}
