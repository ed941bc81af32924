/** When the tasks of a job were made, began and ended: of so many as one picture bears, and then only of those that changed. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { batchOf, type models } from "../../../api/batch.ts";
import { live } from "../../../queries.ts";
import type { TaskTime } from "./gantt-layout.ts";

/** So many tasks one picture has. */
export const PICTURED_MAX = 10_000;
const PAGE = 1_000;
const SELECT =
  "id,state,creationTime,stateTransitionTime,executionInfo/startTime,executionInfo/endTime,executionInfo/result,nodeInfo/nodeId";

export interface TaskTimes {
  readonly tasks: ReadonlyMap<string, TaskTime>;
  /** There are more than are here. */
  readonly isPart: boolean;
  /** The last change among them, as the service writes it. */
  readonly changed: string;
}

/** @param isLive whether something may still change */
export function useTaskTimes(account: string, job: string, isLive: boolean) {
  const queries = useQueryClient();
  const queryKey = ["task-times", account, job];
  return useQuery({
    ...live({
      queryKey,
      queryFn: () => taskTimes(account, job, queries.getQueryData<TaskTimes>(queryKey)),
      // What there is a part of would be looked through whole each time.
      isLive: (seen) => isLive && !seen?.isPart,
    }),
    staleTime: 0,
  });
}

/** Those that were not there before are new ones, or ones beyond the limit: whichever, the limit holds. */
async function taskTimes(account: string, job: string, before: TaskTimes | undefined): Promise<TaskTimes> {
  const list = batchOf(account).tasks(job);
  const tasks = new Map(before?.tasks);
  let changed = before?.changed ?? "";
  let isPart = before?.isPart ?? false;
  let next: string | undefined;
  do {
    const $filter = before?.changed ? `stateTransitionTime ge datetime'${before.changed}'` : undefined;
    const page = await list({ $filter, $select: SELECT, maxresults: PAGE }, next);
    for (const task of page.value) {
      if (tasks.size >= PICTURED_MAX && !tasks.has(task.id ?? "")) {
        isPart = true;
        continue;
      }
      tasks.set(task.id ?? "", timeOf(task));
      if ((task.stateTransitionTime ?? "") > changed) changed = task.stateTransitionTime ?? "";
    }
    next = page.next;
    if (tasks.size >= PICTURED_MAX && next !== undefined) {
      isPart = true;
      next = undefined;
    }
  } while (next);
  return { tasks, isPart, changed };
}

const at = (time: string | undefined): number | undefined =>
  time === undefined ? undefined : Date.parse(time);

function timeOf({ id = "", state, creationTime, executionInfo: run, nodeInfo }: models.CloudTask): TaskTime {
  const start = at(run?.startTime);
  const end = state === "completed" ? at(run?.endTime) : undefined;
  const over = run?.result === "failure" ? "failed" : "succeeded";
  return {
    id,
    node: nodeInfo?.nodeId,
    created: at(creationTime) ?? 0,
    // Of a task that waits for another attempt, the last attempt's time is not this one's.
    start: state === "active" ? undefined : start,
    end,
    outcome: state === "completed" ? over : state === "active" || start === undefined ? "waiting" : "running",
  };
}
