/** What an agent that has connected again does not know of: runs that never reached it, and stops that did not. */

import type { HookRun } from "../../core/lifecycle/hook-run.ts";
import type { StartTaskInfo } from "../../core/lifecycle/node-info.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { jobNodesOfNode } from "../../store/work/job-nodes.ts";
import { jobByKey } from "../../store/work/jobs.ts";
import type { NodeRow } from "../../store/work/nodes.ts";
import { poolByKey } from "../../store/work/pools.ts";
import { tasksRunningOnNode } from "../../store/work/tasks.ts";
import type { RunId, RunSpec, ToAgent } from "../../wire/agent/messages.ts";
import { startTaskRun, taskRun } from "../../wire/agent/run-name.ts";
import type { App } from "../app.ts";
import { preparationOf, preparationSpec, releaseOf, releaseSpec } from "../jobs/job-hooks.ts";
import { taskRunSpec } from "../tasks/run-spec.ts";
import { type RunFiles, runFiles } from "../tasks/run-transfers.ts";
import { STOP_GRACE_MS } from "../tasks/task-stop.ts";
import { startTaskOf, startTaskSpec } from "./start-task.ts";

/**
 * @param known runs that the agent has heard of
 * @param wanted filled in: runs that belong on the node
 */
export async function missingRuns(
  app: App,
  c: Connection,
  node: NodeRow,
  known: ReadonlySet<RunId>,
  wanted: Set<RunId>,
): Promise<ToAgent[]> {
  const pool = await poolByKey.first(c, { key: node.pool_key });
  if (!pool) return [];
  const messages: ToAgent[] = [];
  const files = runFiles(app, pool.account_key);
  for (const task of await tasksRunningOnNode.all(c, { node_key: node.key })) {
    const job = await jobByKey.first(c, { key: task.job_key });
    if (!job) continue;
    const run = taskRun(task.key, task.attempt);
    wanted.add(run);
    // It has not been started yet: the preparation's end will.
    if (task.preparing === 1 && task.stopping === null) continue;
    // One that never arrived and is not wanted any more is stopped before it could start.
    if (task.stopping !== null) messages.push({ t: "run.stop", run, graceMs: STOP_GRACE_MS });
    else if (!known.has(run)) {
      messages.push({ t: "run.start", spec: await taskRunSpec(app, c, job, task, task.attempt, node.key) });
    }
  }
  messages.push(...(await missingHooks(c, node, files, known, wanted)));
  const startTask = startTaskOf(pool);
  const info = node.start_task ? (JSON.parse(node.start_task) as StartTaskInfo) : undefined;
  if (startTask && info?.state === "running") {
    const run = startTaskRun(node.key, info.attempt);
    wanted.add(run);
    if (!known.has(run)) {
      messages.push({ t: "run.start", spec: startTaskSpec(startTask, node, info.attempt, files) });
    }
  }
  return messages;
}

async function missingHooks(
  c: Connection,
  node: NodeRow,
  files: RunFiles,
  known: ReadonlySet<RunId>,
  wanted: Set<RunId>,
): Promise<ToAgent[]> {
  const messages: ToAgent[] = [];
  const add = (hook: HookRun | undefined, spec: RunSpec | undefined) => {
    if (hook?.state !== "running" || !spec) return;
    wanted.add(spec.run);
    if (hook.stopping) messages.push({ t: "run.stop", run: spec.run, graceMs: STOP_GRACE_MS });
    else if (!known.has(spec.run)) messages.push({ t: "run.start", spec });
  };
  for (const row of await jobNodesOfNode.all(c, { node_key: node.key })) {
    const job = await jobByKey.first(c, { key: row.job_key });
    if (!job) continue;
    if (row.preparation_state === "running") add(preparationOf(row), preparationSpec(job, row, files));
    add(releaseOf(row), releaseSpec(job, row, files));
  }
  return messages;
}
