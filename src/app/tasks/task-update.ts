/** Changes what may be changed of a task: its constraints. Source: Azure Batch REST, "Task - Update". */
import { Fault } from "../../core/fault.ts";
import { etagOf, type Precondition } from "../../core/lifecycle/resource-version.ts";
import { taskSpecSet } from "../../store/work/tasks.ts";
import type { TaskAddParameter, TaskUpdateParameter } from "../../wire/batch/models-types.gen.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { App } from "../app.ts";
import { taskFind } from "./task-stop.ts";

/** @throws Fault JobNotFound, TaskNotFound, TaskCompleted, ConditionNotMet */
export async function taskUpdate(
  app: App,
  account: AccountHandle,
  jobId: string,
  taskId: string,
  update: TaskUpdateParameter,
  precondition: Precondition,
): Promise<{ created_at: number; version: number; modified_at: number }> {
  return app.store.write(async (c) => {
    const { task } = await taskFind(c, account, jobId, taskId);
    precondition({ etag: etagOf(task), modifiedAt: task.modified_at });
    if (task.state === "completed") throw new Fault("TaskCompleted");
    const { constraints: _replaced, ...spec } = JSON.parse(task.spec) as TaskAddParameter;
    const modified_at = app.clock();
    await taskSpecSet.run(c, {
      key: task.key,
      spec: JSON.stringify(update.constraints ? { ...spec, constraints: update.constraints } : spec),
      modified_at,
    });
    return { created_at: task.created_at, version: task.version + 1, modified_at };
  });
}
