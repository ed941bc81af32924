/** The operations on jobs. */
import { jobAdd } from "../../app/jobs/job-add.ts";
import type { DisableTasks } from "../../app/jobs/job-change-state.ts";
import { type JobOnNode, jobHooksPage } from "../../app/jobs/job-hooks-read.ts";
import { type JobRow, jobGet, jobListPage } from "../../app/jobs/job-read.ts";
import {
  jobRequestDelete,
  jobRequestDisable,
  jobRequestEnable,
  jobRequestTerminate,
} from "../../app/jobs/job-requests.ts";
import { jobPatch, jobReplace } from "../../app/jobs/job-update.ts";
import { etagOf } from "../../core/lifecycle/resource-version.ts";
import type {
  JobAddParameter,
  JobDisableParameter,
  JobPatchParameter,
  JobTerminateParameter,
  JobUpdateParameter,
} from "../../wire/batch/models-types.gen.ts";
import { batchOperations } from "../../wire/batch/operations.gen.ts";
import { jobOnNodeView } from "./job-hooks-view.ts";
import { shownJob, taskCountsView } from "./job-view.ts";
import type { BatchContext } from "./request/context.ts";
import { listReply, selectOf } from "./request/list.ts";
import { operation } from "./request/operation.ts";
import { changedReply, resourceReply, taggedReply } from "./request/reply.ts";

const jobOf = ({ path }: BatchContext): string => path.jobId ?? "";
const pathOf = (context: BatchContext): string => `jobs/${jobOf(context)}`;
const targetOf = (context: BatchContext) =>
  [context.app, context.account, jobOf(context), context.precondition] as const;

export const addJob = operation("Job_Add", async (context) => {
  const job = context.body as JobAddParameter;
  return changedReply(context, `jobs/${job.id}`, await jobAdd(context.app, context.account, job));
});

export const getJob = operation("Job_Get", async (context) => {
  const job = await jobGet(context.app, context.account, jobOf(context));
  context.precondition({ etag: etagOf(job), modifiedAt: job.modified_at });
  return taggedReply(context, "jobs/@Element", job, selectOf(context)(shownJob(context, job)));
});

export const listJobs = operation("Job_List", (context) =>
  listReply<JobRow, string>(context, {
    collection: "jobs",
    first: "",
    keyedBy: () => "id",
    keyOf: ({ id_lower }) => id_lower,
    fetch: (after, limit) => jobListPage(context.app, context.account, { after, limit }),
    view: (job) => shownJob(context, job),
  }),
);

export const patchJob = operation("Job_Patch", async (context) => {
  const { app, account, precondition } = context;
  const row = await jobPatch(app, account, jobOf(context), context.body as JobPatchParameter, precondition);
  return changedReply(context, pathOf(context), row);
});

export const updateJob = operation("Job_Update", async (context) => {
  const { app, account, precondition } = context;
  const row = await jobReplace(
    app,
    account,
    jobOf(context),
    context.body as JobUpdateParameter,
    precondition,
  );
  return changedReply(context, pathOf(context), row);
});

export const disableJob = operation("Job_Disable", async (context) => {
  const { disableTasks } = context.body as JobDisableParameter;
  const row = await jobRequestDisable(targetOf(context), disableTasks.toLowerCase() as DisableTasks);
  return changedReply(context, pathOf(context), row);
});

export const enableJob = operation("Job_Enable", async (context) =>
  changedReply(context, pathOf(context), await jobRequestEnable(targetOf(context))),
);

export const terminateJob = operation("Job_Terminate", async (context) => {
  const reason = (context.body as JobTerminateParameter | undefined)?.terminateReason ?? "UserTerminate";
  return changedReply(context, pathOf(context), await jobRequestTerminate(targetOf(context), reason));
});

export const deleteJob = operation("Job_Delete", async (context) => {
  await jobRequestDelete(targetOf(context));
  return {};
});

export const listJobHooks = operation("Job_ListPreparationAndReleaseTaskStatus", (context) =>
  listReply<JobOnNode>(context, {
    collection: "jobpreparationandreleasetaskstatuslist",
    keyOf: ({ node }) => node.key,
    fetch: (after, limit) => jobHooksPage(context.app, context.account, jobOf(context), { after, limit }),
    view: (found) => jobOnNodeView(context.exchange.origin, found),
  }),
);

export const getJobTaskCounts = operation("Job_GetTaskCounts", async (context) => {
  const counts = taskCountsView(await jobGet(context.app, context.account, jobOf(context)));
  const { olderResponse } = batchOperations.Job_GetTaskCounts;
  const isOlder = context.version <= olderResponse.until;
  return resourceReply(
    context,
    isOlder ? "taskcounts/@Element" : "taskcountsresult/@Element",
    isOlder ? counts.taskCounts : counts,
  );
});
