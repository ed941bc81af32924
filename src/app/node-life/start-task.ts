/** The start task of a node: its runs, its retries, and what its end means for the node. Source: Azure Batch REST, "StartTask". */
import { hookRunEnded } from "../../core/lifecycle/hook-run.ts";
import type { StartTaskInfo } from "../../core/lifecycle/node-info.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { type NodeRow, nodeByKey, nodeStartTaskSet } from "../../store/work/nodes.ts";
import { type PoolRow, poolByKey } from "../../store/work/pools.ts";
import type { RunSpec } from "../../wire/agent/messages.ts";
import { startTaskRun } from "../../wire/agent/run-name.ts";
import type { PoolAddParameter, StartTask } from "../../wire/batch/models-types.gen.ts";
import type { App } from "../app.ts";
import { pairs, runContainer, runUser } from "../tasks/run-spec.ts";
import { type RunFiles, runFiles, runTransfers } from "../tasks/run-transfers.ts";
import type { AttemptEnd } from "../tasks/task-end.ts";

export function startTaskOf(pool: Pick<PoolRow, "spec">): StartTask | undefined {
  return (JSON.parse(pool.spec) as PoolAddParameter).startTask;
}

/** Azure's default: tasks wait until the start task has succeeded. */
export function waitsForSuccess(startTask: StartTask): boolean {
  return startTask.waitForSuccess ?? true;
}

export function startTaskSpec(
  startTask: StartTask,
  node: NodeRow,
  attempt: number,
  files: RunFiles,
): RunSpec {
  return {
    run: startTaskRun(node.key, attempt),
    nodeKey: String(node.key),
    place: { kind: "startTask" },
    attempt,
    commandLine: startTask.commandLine,
    environment: pairs(startTask.environmentSettings),
    accountUrl: files.account.url,
    ...runUser(startTask.userIdentity),
    ...runContainer(startTask.containerSettings, files),
    ...runTransfers(startTask, files),
  };
}

/** Node states in which a start task can run. */
const STATES_THAT_RUN: ReadonlySet<string> = new Set(["waitingforstarttask", "idle"]);

/** @returns the next attempt, to be sent after the commit */
export async function startTaskEnded(
  app: App,
  c: Connection,
  agentId: string,
  nodeKey: number,
  attempt: number,
  { end, startedAt, endedAt }: AttemptEnd,
): Promise<RunSpec | undefined> {
  const node = await nodeByKey.first(c, { key: nodeKey });
  const info = node?.start_task ? (JSON.parse(node.start_task) as StartTaskInfo) : undefined;
  if (!node || node.agent_id !== agentId || info?.state !== "running" || info.attempt !== attempt)
    return undefined;
  const pool = await poolByKey.first(c, { key: node.pool_key });
  const startTask = pool && startTaskOf(pool);
  if (!startTask) return undefined;

  const now = app.clock();
  const run = hookRunEnded(info, startTask.maxTaskRetryCount ?? 0, { end, startedAt, endedAt }, now);
  const start_task = JSON.stringify(run);
  if (run.state === "running") {
    // It went with its node, and runs again when that is ready again.
    if (!STATES_THAT_RUN.has(node.state)) return undefined;
    await nodeStartTaskSet.run(c, { key: node.key, state: node.state, start_task, now });
    return startTaskSpec(startTask, node, run.attempt, runFiles(app, pool.account_key));
  }
  const waiting = node.state === "waitingforstarttask";
  const state = !waiting ? node.state : run.result === "success" ? "idle" : "starttaskfailed";
  await nodeStartTaskSet.run(c, { key: node.key, state, start_task, now });
  app.nudge.placement(node.pool_key);
  return undefined;
}
