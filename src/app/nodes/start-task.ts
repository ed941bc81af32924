/** The start task of a node: its runs, its retries, and what its end means for the node. Source: Azure Batch REST, "StartTask". */
import { attemptOutcome } from "../../core/lifecycle/attempt-outcome.ts";
import type { StartTaskInfo } from "../../core/lifecycle/node-info.ts";
import type { Connection } from "../../store/connection.ts";
import { type NodeRow, nodeByKey, nodeStartTaskSet } from "../../store/nodes.ts";
import { type PoolRow, poolByKey } from "../../store/pools.ts";
import type { RunSpec } from "../../wire/agent/messages.ts";
import type { PoolAddParameter, StartTask } from "../../wire/batch/models-types.gen.ts";
import type { App } from "../app.ts";
import { startTaskRun } from "../tasks/run-name.ts";
import { pairs } from "../tasks/run-spec.ts";
import type { AttemptEnd } from "../tasks/task-end.ts";
import { isGoingDown } from "./node-restart.ts";

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
  accountUrl: string,
): RunSpec {
  return {
    run: startTaskRun(node.key, attempt),
    nodeKey: String(node.key),
    place: { kind: "startTask" },
    attempt,
    commandLine: startTask.commandLine,
    environment: pairs(startTask.environmentSettings),
    accountUrl,
    elevated: startTask.userIdentity?.autoUser?.elevationLevel === "admin",
  };
}

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
  // It ended with the node, which runs it anew when it is up again.
  if (isGoingDown(node) || node.state === "starting" || node.state === "leavingpool") return undefined;
  const pool = await poolByKey.first(c, { key: node.pool_key });
  const startTask = pool && startTaskOf(pool);
  if (!startTask) return undefined;

  const now = app.clock();
  const outcome = attemptOutcome(
    { retryCount: info.retryCount, maxRetries: startTask.maxTaskRetryCount ?? 0, stopping: null },
    end,
  );
  if (outcome.next === "active") {
    const retried = outcome.because === "retry";
    const next: StartTaskInfo = {
      state: "running",
      attempt: attempt + 1,
      startTime: now,
      retryCount: info.retryCount + (retried ? 1 : 0),
      ...(retried ? { lastRetryTime: now } : {}),
    };
    await nodeStartTaskSet.run(c, {
      key: node.key,
      state: node.state,
      start_task: JSON.stringify(next),
      now,
    });
    return startTaskSpec(startTask, node, next.attempt, app.account(pool.account_key).url);
  }
  const done: StartTaskInfo = {
    ...info,
    state: "completed",
    startTime: startedAt ?? info.startTime,
    endTime: endedAt,
    result: outcome.result,
    ...(outcome.exitCode === undefined ? {} : { exitCode: outcome.exitCode }),
    ...(outcome.failure ? { failureInfo: outcome.failure } : {}),
  };
  const waiting = node.state === "waitingforstarttask";
  const state = !waiting ? node.state : outcome.result === "success" ? "idle" : "starttaskfailed";
  await nodeStartTaskSet.run(c, { key: node.key, state, start_task: JSON.stringify(done), now });
  app.nudge.placement(node.pool_key);
  return undefined;
}
