/** Reads of what a job ran around its tasks, node by node. Sees the last commit. */
import { Fault } from "../../core/fault.ts";
import type { HookRun } from "../../core/lifecycle/hook-run.ts";
import { type JobNodeRow, jobNodesPage } from "../../store/work/job-nodes.ts";
import type { JobRow } from "../../store/work/jobs.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { App } from "../app.ts";
import { preparationOf, releaseOf } from "./job-hooks.ts";
import { jobFind } from "./job-read.ts";
import { jobSpecOf } from "./job-spec.ts";

export type { HookRun };

export interface JobOnNode {
  readonly job: JobRow;
  readonly node: JobNodeRow;
  readonly preparation: HookRun;
  readonly release: HookRun | undefined;
}

/** Nodes in the order of their preparation, strictly after the key `after`. @throws Fault JobNotFound, JobPreparationTaskOrReleaseTaskNotSpecified */
export async function jobHooksPage(
  app: App,
  account: AccountHandle,
  jobId: string,
  page: { readonly after: number; readonly limit: number },
): Promise<readonly JobOnNode[]> {
  const job = await jobFind(app.store.read, account, jobId);
  const { jobPreparationTask, jobReleaseTask } = jobSpecOf(job);
  if (!jobPreparationTask && !jobReleaseTask) throw new Fault("JobPreparationTaskOrReleaseTaskNotSpecified");
  const nodes = await jobNodesPage.all(app.store.read, { job_key: job.key, ...page });
  return nodes.map((node) => ({
    job,
    node,
    preparation: preparationOf(node),
    release: releaseOf(node),
  }));
}
