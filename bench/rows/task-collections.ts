/** Requests that add tasks to a job, a hundred at a time: as many as one request may carry. */
import type { BatchSession } from "../service/batch-session.ts";

const TASKS_PER_COLLECTION = 100;

/** @param change what each task has beside its id and command line */
export function taskCollections(
  session: BatchSession,
  jobId: string,
  count: number,
  change: object = {},
): string[] {
  const requests: string[] = [];
  for (let first = 0; first < count; first += TASKS_PER_COLLECTION) {
    const size = Math.min(TASKS_PER_COLLECTION, count - first);
    const value = Array.from({ length: size }, (_, i) => ({
      id: `task-${first + i}`,
      commandLine: "/bin/true",
      ...change,
    }));
    requests.push(session.requestOf("POST", `/jobs/${jobId}/addtaskcollection`, { value }));
  }
  return requests;
}
