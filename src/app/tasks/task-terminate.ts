/** Ends a task at a user's request. Source: Azure Batch REST, "Task - Terminate". */
import { Fault } from "../../core/fault.ts";
import { etagOf, type Precondition } from "../../core/lifecycle/resource-version.ts";
import { taskByKey } from "../../store/work/tasks.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { App } from "../app.ts";
import { CountShifts } from "../jobs/task-counts.ts";
import { stopAndWait } from "./stop-and-wait.ts";
import { taskEndActive } from "./task-end.ts";
import { type TaskVersion, taskFind, taskStopRunning } from "./task-stop.ts";

/**
 * Answers once the task is completed: one that runs is stopped first, so that nothing of it is alive when it says so.
 * @throws Fault JobNotFound, TaskNotFound, TaskCompleted, ConditionNotMet
 */
export async function taskTerminate(
  app: App,
  account: AccountHandle,
  jobId: string,
  taskId: string,
  precondition: Precondition,
): Promise<TaskVersion> {
  const { stop, task } = await app.store.write(async (c) => {
    const { job, task } = await taskFind(c, account, jobId, taskId);
    precondition({ etag: etagOf(task), modifiedAt: task.modified_at });
    if (task.state === "completed") throw new Fault("TaskCompleted");
    if (task.state === "running") return { stop: await taskStopRunning(c, task, "terminate"), task };
    const counts = new CountShifts();
    const now = app.clock();
    await taskEndActive(c, job, task, now, counts);
    await counts.write(c);
    app.nudge.jobs();
    return { stop: undefined, task };
  });
  await stopAndWait(app, [stop]);
  return (await taskByKey.first(app.store.read, { key: task.key })) ?? task;
}
