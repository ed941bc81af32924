/** Why a task waits. What it takes to know is a handful of requests, whose cost grows with no number of tasks. */
import { useQuery } from "@tanstack/react-query";
import { type Batch, batchOf, type models } from "../../api/batch.ts";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { live } from "../../queries.ts";
import { type WaitingFacts, waitingReasons } from "./waiting-reason.ts";

interface Props {
  readonly account: string;
  readonly job: string;
  /** Undefined for whichever of the job's tasks waits. */
  readonly task?: string;
}

/** So many of those that a task depends on are looked at. */
const LOOKED_AT = 20;

export function WaitingReasons({ account, job, task }: Props) {
  const { data, error } = useQuery(
    live({
      queryKey: ["waiting", account, job, task],
      queryFn: () => waitingFacts(batchOf(account), job, task),
    }),
  );
  if (data === undefined) return <RefusalNotice error={error} />;
  if (data === null) return null;
  return (
    <section className="warning" aria-label="Why it waits">
      <strong>Why {data.id} waits</strong>
      <ul>
        {waitingReasons(data.facts).map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </section>
  );
}

async function waitingFacts(batch: Batch, jobId: string, taskId: string | undefined) {
  const task = taskId === undefined ? await someWaiting(batch, jobId) : await batch.task(jobId, taskId);
  if (task?.state !== "active") return null;
  const [job, counts] = await Promise.all([batch.job(jobId), batch.jobCounts(jobId)]);
  const poolId = job.executionInfo?.poolId ?? job.poolInfo?.poolId;
  const [unfinished, pool, before] = await Promise.all([
    unfinishedOf(batch, jobId, task.dependsOn?.taskIds ?? []),
    poolId === undefined ? undefined : poolFacts(batch, poolId),
    jobsBefore(batch, poolId, job.priority ?? 0),
  ]);
  const facts: WaitingFacts = {
    task: { requiredSlots: task.requiredSlots ?? 1, dependsOn: task.dependsOn !== undefined },
    job: {
      state: job.state ?? "",
      priority: job.priority ?? 0,
      maxParallelTasks: job.maxParallelTasks ?? -1,
      poolId,
      running: counts.taskCounts.running,
    },
    unfinished,
    pool,
    before,
  };
  return { id: task.id ?? "", facts };
}

const someWaiting = async (batch: Batch, job: string): Promise<models.CloudTask | undefined> =>
  (await batch.tasks(job)({ $filter: "state eq 'active'", maxresults: 1 })).value[0];

async function unfinishedOf(batch: Batch, job: string, ids: readonly string[]) {
  const tasks = await Promise.all(
    ids.slice(0, LOOKED_AT).map(async (id) => {
      const task = await batch.taskIfAny(job, id);
      const isFailed = task?.executionInfo?.result === "failure" && !isSatisfying(task);
      return { id, state: task === undefined ? "not there" : isFailed ? "failed" : (task.state ?? "") };
    }),
  );
  return tasks.filter(({ state }) => state !== "completed");
}

/** Whether what depends on it may begin though it failed; the exit code's own condition goes first. */
function isSatisfying({ exitConditions, executionInfo }: models.CloudTask): boolean {
  const code = executionInfo?.exitCode;
  const own =
    exitConditions?.exitCodes?.find((each) => each.code === code)?.exitOptions ??
    exitConditions?.exitCodeRanges?.find(
      ({ start, end }) => code !== undefined && start <= code && code <= end,
    )?.exitOptions ??
    exitConditions?.default;
  return own?.dependencyAction === "satisfy";
}

async function poolFacts(batch: Batch, id: string): Promise<WaitingFacts["pool"]> {
  const [pool, counts] = await Promise.all([batch.poolIfAny(id), batch.poolCounts(id)]);
  if (pool === undefined) return undefined;
  const nodes: Record<string, number> = {};
  for (const kind of [counts.value[0]?.dedicated, counts.value[0]?.lowPriority])
    for (const [state, count] of Object.entries(kind ?? {}))
      if (state !== "total") nodes[state] = (nodes[state] ?? 0) + Number(count);
  return {
    state: pool.state ?? "",
    allocationState: pool.allocationState ?? "",
    isScaled: pool.enableAutoScale === true,
    target: (pool.targetDedicatedNodes ?? 0) + (pool.targetLowPriorityNodes ?? 0),
    slotsPerNode: pool.taskSlotsPerNode ?? 1,
    errors: (pool.resizeErrors ?? []).map(({ code, message }) => [code, message].filter(Boolean).join(": ")),
    nodes,
  };
}

async function jobsBefore(
  batch: Batch,
  poolId: string | undefined,
  priority: number,
): Promise<readonly string[]> {
  const { value } = await batch.jobs({
    $filter: "state eq 'active'",
    $select: "id,priority,poolInfo",
    maxresults: 100,
  });
  return value
    .filter((job) => job.poolInfo?.poolId === poolId && (job.priority ?? 0) > priority)
    .map(({ id = "" }) => id);
}
