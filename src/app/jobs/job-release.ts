/** Releases the nodes that a job was prepared on, once its tasks have ended: the job's end waits for it. */

import { hookRunEnded, hookRunStarted } from "../../core/lifecycle/hook-run.ts";
import type { Connection } from "../../store/engine/connection.ts";
import {
  jobNodeByKey,
  jobNodePreparationSet,
  jobNodeReleaseSet,
  jobNodesOfJob,
} from "../../store/work/job-nodes.ts";
import type { JobRow } from "../../store/work/jobs.ts";
import { nodeByKey } from "../../store/work/nodes.ts";
import type { ToAgent } from "../../wire/agent/messages.ts";
import { preparationRun } from "../../wire/agent/run-name.ts";
import type { App } from "../app.ts";
import { runFiles } from "../tasks/run-transfers.ts";
import type { AttemptEnd } from "../tasks/task-end.ts";
import { STOP_GRACE_MS } from "../tasks/task-stop.ts";
import { WriteSlice } from "../write-slice.ts";
import { preparationOf, releaseOf, releaseSpec } from "./job-hooks.ts";
import { jobSpecOf } from "./job-spec.ts";

export interface ReleaseStep {
  /** Nothing of the job runs on any node any more. */
  readonly isDone: boolean;
  /** To be sent after the commit. */
  readonly outbox: readonly { readonly agentId: string; readonly message: ToAgent }[];
  /** There are nodes that the step has not come to. */
  readonly again: boolean;
}

const DONE: ReleaseStep = { isDone: true, outbox: [], again: false };

/** One step; idempotent. Nodes that are gone or down are passed over. */
export async function jobRelease(app: App, c: Connection, job: JobRow): Promise<ReleaseStep> {
  if (!jobSpecOf(job).jobPreparationTask) return DONE;
  const outbox: { agentId: string; message: ToAgent }[] = [];
  let isDone = true;
  const slice = new WriteSlice();
  for (const row of await jobNodesOfJob.all(c, { job_key: job.key })) {
    const node = await nodeByKey.first(c, { key: row.node_key });
    if (node?.state !== "idle" || node.agent_id === null) continue;
    const agentId = node.agent_id;
    const preparation = preparationOf(row);
    if (slice.isOver) return { isDone: false, outbox, again: true };
    if (row.preparation_state === "running") {
      isDone = false;
      if (preparation.stopping) continue;
      const stopping = JSON.stringify({ ...preparation, stopping: true });
      await jobNodePreparationSet.run(c, {
        key: row.key,
        preparation_state: "running",
        preparation: stopping,
      });
      const run = preparationRun(row.key, preparation.attempt);
      outbox.push({ agentId, message: { t: "run.stop", run, graceMs: STOP_GRACE_MS } });
      continue;
    }
    const known = releaseOf(row);
    if (known) {
      if (known.state === "running") isDone = false;
      continue;
    }
    const release = JSON.stringify(hookRunStarted(app.clock()));
    const spec = releaseSpec(job, { ...row, release }, runFiles(app, job.account_key));
    if (!spec) continue;
    await jobNodeReleaseSet.run(c, { key: row.key, release });
    outbox.push({ agentId, message: { t: "run.start", spec } });
    isDone = false;
  }
  return { isDone, outbox, again: false };
}

export async function jobReleaseEnded(
  app: App,
  c: Connection,
  agentId: string,
  jobNodeKey: number,
  attempt: number,
  end: AttemptEnd,
): Promise<void> {
  const row = await jobNodeByKey.first(c, { key: jobNodeKey });
  const node = row && (await nodeByKey.first(c, { key: row.node_key }));
  const before = row && releaseOf(row);
  if (!row || node?.agent_id !== agentId || before?.attempt !== attempt || before.state !== "running") return;
  // Azure runs it once: whatever it ends with, the job ends.
  const run = hookRunEnded({ ...before, stopping: true }, 0, end, app.clock());
  await jobNodeReleaseSet.run(c, { key: row.key, release: JSON.stringify(run) });
  app.nudge.jobs();
}
