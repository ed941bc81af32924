/** The operations on tasks. */
import { taskAdd, taskCollectionAdd } from "../../app/tasks/task-add.ts";
import { type JobRow, type TaskRow, taskGet, taskListPage } from "../../app/tasks/task-read.ts";
import { taskRemove, taskRevive } from "../../app/tasks/task-stop.ts";
import { taskTerminate } from "../../app/tasks/task-terminate.ts";
import { taskUpdate } from "../../app/tasks/task-update.ts";
import { Fault } from "../../core/fault.ts";
import { etagOf } from "../../core/lifecycle/resource-version.ts";
import { isRefused, type TaskCollection } from "../../core/model/task-collection.ts";
import { ADD_TASK_COLLECTION_MAX_TASKS } from "../../wire/batch/limits.ts";
import type { TaskAddParameter, TaskUpdateParameter } from "../../wire/batch/models-types.gen.ts";
import type { BatchContext } from "./request/context.ts";
import { errorBody } from "./request/envelope.ts";
import { listReply, selectOf, stateOf } from "./request/list.ts";
import { operation } from "./request/operation.ts";
import { changedReply, lastModified, resourceReply, taggedReply, time } from "./request/reply.ts";
import { taskStatistics, wantsStatistics } from "./statistics-view.ts";
import { taskUrl, taskView } from "./task-view.ts";

const jobOf = ({ path }: BatchContext): string => path.jobId ?? "";
const taskOf = ({ path }: BatchContext): string => path.taskId ?? "";
const pathOf = (context: BatchContext): string => `jobs/${jobOf(context)}/tasks/${taskOf(context)}`;

function shownTask(context: BatchContext, job: JobRow, task: TaskRow): object {
  const { origin } = context.exchange;
  const view = taskView(origin, job, task);
  return wantsStatistics(context)
    ? { ...view, ...taskStatistics(taskUrl(origin, job.id, task.id), task) }
    : view;
}

export const addTask = operation("Task_Add", async (context) => {
  const task = context.body as TaskAddParameter;
  const row = await taskAdd(context.app, context.account, jobOf(context), task);
  return changedReply(context, `jobs/${jobOf(context)}/tasks/${task.id}`, {
    ...row,
    modified_at: row.created_at,
  });
});

export const addTaskCollection = operation("Task_AddCollection", async (context) => {
  const { value: tasks } = context.body as TaskCollection;
  if (tasks.length > ADD_TASK_COLLECTION_MAX_TASKS) {
    throw new Fault("InvalidPropertyValue", "", {
      values: [
        { key: "PropertyName", value: "value" },
        { key: "PropertyValue", value: String(tasks.length) },
        { key: "Reason", value: `A collection has at most ${ADD_TASK_COLLECTION_MAX_TASKS} tasks` },
      ],
    });
  }
  const { app, account, exchange } = context;
  const good = tasks.filter((task): task is TaskAddParameter => !isRefused(task));
  const added = (await taskCollectionAdd(app, account, jobOf(context), good)).values();
  const value = tasks.map((task) => {
    const result = isRefused(task) ? { taskId: task.id, fault: task.refusal } : added.next().value;
    if (result === undefined) throw new Error("a task of the collection has no result");
    return "fault" in result
      ? {
          status: "clienterror",
          taskId: result.taskId,
          error: errorBody(exchange, result.fault, app.clock()),
        }
      : {
          status: "success",
          taskId: result.taskId,
          eTag: etagOf(result.etag),
          lastModified: time(result.etag.created_at),
          location: taskUrl(exchange.origin, jobOf(context), result.taskId),
        };
  });
  return resourceReply(context, "taskaddresult", { value });
});

export const getTask = operation("Task_Get", async (context) => {
  const { job, task } = await taskGet(context.app, context.account, jobOf(context), taskOf(context));
  context.precondition({ etag: etagOf(task), modifiedAt: task.modified_at });
  const view = selectOf(context)(shownTask(context, job, task));
  return taggedReply(context, "tasks/@Element", task, view);
});

export const listTasks = operation("Task_List", async (context) => {
  const { app, account } = context;
  // Fetched with the first page, so that an unknown job is a 404 also where the list would be empty.
  let job: Awaited<ReturnType<typeof taskListPage>>["job"];
  let isOfOneState = false;
  return listReply<TaskRow, string>(context, {
    collection: "tasks",
    first: "",
    keyedBy: (constraints) => (stateOf(constraints) === undefined ? "id" : undefined),
    keyOf: ({ key, id_lower }) => (isOfOneState ? String(key) : id_lower),
    fetch: async (after, limit, constraints) => {
      const named = stateOf(constraints);
      const state = named === "preparing" ? "running" : named;
      isOfOneState = state !== undefined;
      const place = state === undefined ? { afterId: after } : { afterKey: Number(after) || 0, state };
      const page = await taskListPage(app, account, jobOf(context), limit, place);
      job = page.job;
      return page.tasks;
    },
    isHidden: ({ stopping }) => stopping === "delete",
    view: (task) => shownTask(context, job, task),
  });
});

/** No task here has more than one instance: those of many are refused when they are added. */
export const listSubtasks = operation("Task_ListSubtasks", async (context) => {
  const { job, task } = await taskGet(context.app, context.account, jobOf(context), taskOf(context));
  context.precondition({ etag: etagOf(task), modifiedAt: task.modified_at });
  selectOf(context);
  return {
    ...resourceReply(context, "subtasks", { value: [] }),
    headers: [
      ...lastModified(task.modified_at),
      "DataServiceId",
      `${taskUrl(context.exchange.origin, job.id, task.id)}/subtasksinfo`,
    ],
  };
});

export const updateTask = operation("Task_Update", async (context) => {
  const { app, account, precondition } = context;
  const body = context.body as TaskUpdateParameter;
  const row = await taskUpdate(app, account, jobOf(context), taskOf(context), body, precondition);
  return changedReply(context, pathOf(context), row);
});

export const terminateTask = operation("Task_Terminate", async (context) => {
  const { app, account, precondition } = context;
  const row = await taskTerminate(app, account, jobOf(context), taskOf(context), precondition);
  return changedReply(context, pathOf(context), row);
});

export const reactivateTask = operation("Task_Reactivate", async (context) => {
  const { app, account, precondition } = context;
  const row = await taskRevive(app, account, jobOf(context), taskOf(context), precondition);
  return changedReply(context, pathOf(context), row);
});

export const deleteTask = operation("Task_Delete", async (context) => {
  await taskRemove(context.app, context.account, jobOf(context), taskOf(context), context.precondition);
  return {};
});
