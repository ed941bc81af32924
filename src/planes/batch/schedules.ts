/** The operations on job schedules. */
import type { JobRow } from "../../app/jobs/job-read.ts";
import { scheduleAdd } from "../../app/schedules/schedule-add.ts";
import {
  type JobScheduleRow,
  scheduleGet,
  scheduleJobsPage,
  scheduleListPage,
} from "../../app/schedules/schedule-read.ts";
import {
  scheduleDisable,
  scheduleEnable,
  schedulePatch,
  scheduleReplace,
  scheduleRequestDelete,
  scheduleTerminate,
} from "../../app/schedules/schedule-requests.ts";
import { Fault } from "../../core/fault.ts";
import { etagOf } from "../../core/lifecycle/resource-version.ts";
import type {
  JobScheduleAddParameter,
  JobSchedulePatchParameter,
  JobScheduleUpdateParameter,
} from "../../wire/batch/models-types.gen.ts";
import { shownJob } from "./job-view.ts";
import type { BatchContext } from "./request/context.ts";
import { listReply, selectOf } from "./request/list.ts";
import { operation } from "./request/operation.ts";
import { changedReply, taggedReply, validators } from "./request/reply.ts";
import { shownSchedule } from "./schedule-view.ts";

const scheduleOf = ({ path }: BatchContext): string => path.jobScheduleId ?? "";
const pathOf = (context: BatchContext): string => `jobschedules/${scheduleOf(context)}`;
const targetOf = (context: BatchContext) =>
  [context.app, context.account, scheduleOf(context), context.precondition] as const;

export const addSchedule = operation("JobSchedule_Add", async (context) => {
  const schedule = context.body as JobScheduleAddParameter;
  const row = await scheduleAdd(context.app, context.account, schedule);
  return changedReply(context, `jobschedules/${schedule.id}`, row);
});

export const getSchedule = operation("JobSchedule_Get", async (context) => {
  const row = await scheduleGet(context.app, context.account, scheduleOf(context));
  context.precondition({ etag: etagOf(row), modifiedAt: row.modified_at });
  const view = shownSchedule(context, row);
  return taggedReply(context, "jobschedules/@Element", row, selectOf(context)(view));
});

/** HEAD: a schedule that is not there is an answer, not an error. */
export const scheduleExists = operation("JobSchedule_Exists", async (context) => {
  try {
    const row = await scheduleGet(context.app, context.account, scheduleOf(context));
    context.precondition({ etag: etagOf(row), modifiedAt: row.modified_at });
    return { headers: validators(row) };
  } catch (error) {
    if (error instanceof Fault && error.code === "JobScheduleNotFound") return { status: 404 };
    throw error;
  }
});

export const listSchedules = operation("JobSchedule_List", (context) =>
  listReply<JobScheduleRow, string>(context, {
    collection: "jobschedules",
    first: "",
    keyedBy: () => "id",
    keyOf: ({ id_lower }) => id_lower,
    fetch: (after, limit) => scheduleListPage(context.app, context.account, { after, limit }),
    view: (row) => shownSchedule(context, row),
  }),
);

export const listJobsOfSchedule = operation("Job_ListFromJobSchedule", (context) =>
  listReply<JobRow>(context, {
    collection: "jobs",
    keyOf: ({ key }) => key,
    fetch: (after, limit) =>
      scheduleJobsPage(context.app, context.account, scheduleOf(context), { after, limit }),
    view: (job) => shownJob(context, job),
  }),
);

export const patchSchedule = operation("JobSchedule_Patch", async (context) => {
  const patch = context.body as JobSchedulePatchParameter;
  return changedReply(context, pathOf(context), await schedulePatch(targetOf(context), patch));
});

export const updateSchedule = operation("JobSchedule_Update", async (context) => {
  const update = context.body as JobScheduleUpdateParameter;
  return changedReply(context, pathOf(context), await scheduleReplace(targetOf(context), update));
});

export const disableSchedule = operation("JobSchedule_Disable", async (context) =>
  changedReply(context, pathOf(context), await scheduleDisable(targetOf(context))),
);

export const enableSchedule = operation("JobSchedule_Enable", async (context) =>
  changedReply(context, pathOf(context), await scheduleEnable(targetOf(context))),
);

export const terminateSchedule = operation("JobSchedule_Terminate", async (context) =>
  changedReply(context, pathOf(context), await scheduleTerminate(targetOf(context))),
);

export const deleteSchedule = operation("JobSchedule_Delete", async (context) => {
  await scheduleRequestDelete(targetOf(context));
  return {};
});
