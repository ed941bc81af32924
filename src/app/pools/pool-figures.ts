/** The figures of a pool that its autoscale formula may ask for: now, and in samples taken while it scales by itself. */
import type { Figures } from "../../core/autoscale/pool-formula.ts";
import { SAMPLE_PERIOD } from "../../core/autoscale/sample-series.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { nodesOfPool } from "../../store/work/nodes.ts";
import {
  poolSampleInsert,
  poolSamplesForget,
  poolSamplesSince,
  poolsScaling,
  poolTaskCounts,
  poolTasksReady,
} from "../../store/work/pool-samples.ts";
import type { PoolRow } from "../../store/work/pools.ts";
import type { App } from "../app.ts";

/** How long samples are kept. Milliseconds; ours: a formula looks back at most a day. */
const HISTORY = 24 * 3_600_000;

/** Source: the autoscale page, "Variables". */
export async function poolFigures(c: Connection, pool: PoolRow): Promise<Figures> {
  const nodes = (await nodesOfPool.all(c, { pool_key: pool.key })).filter(
    ({ state }) => state !== "creating",
  );
  const dedicated = nodes.filter(({ is_dedicated }) => is_dedicated === 1).length;
  const ofPool = { account_key: pool.account_key, pool_id_lower: pool.id_lower };
  const counts = await poolTaskCounts.first(c, ofPool);
  const ready = Number((await poolTasksReady.first(c, ofPool))?.count ?? 0);
  const running = Number(counts?.running ?? 0);
  return {
    ActiveTasks: ready,
    RunningTasks: running,
    PendingTasks: ready + running,
    SucceededTasks: Number(counts?.succeeded ?? 0),
    FailedTasks: Number(counts?.failed ?? 0),
    TaskSlotsPerNode: pool.slots_per_node,
    CurrentDedicatedNodes: dedicated,
    CurrentLowPriorityNodes: nodes.length - dedicated,
    PreemptedNodeCount: nodes.filter(({ state }) => state === "preempted").length,
    UsableNodeCount: nodes.filter(({ state, scheduling }) => state === "idle" && scheduling === "enabled")
      .length,
  };
}

/** One sample of each pool that scales by itself. Called every `SAMPLE_PERIOD` by the samples reconciler. */
export async function poolSamplesTake(app: App): Promise<void> {
  const cpu = app.compute.cpuPercent?.();
  if ((await poolsScaling.first(app.store.read, {})) === undefined) return;
  await app.store.write(async (c) => {
    const now = app.clock();
    for (const pool of await poolsScaling.all(c, {})) {
      const figures: Figures = {
        ...(await poolFigures(c, pool)),
        ...(cpu !== undefined && { CPUPercent: cpu }),
      };
      await poolSampleInsert.run(c, { pool_key: pool.key, at: now, figures: JSON.stringify(figures) });
      await poolSamplesForget.run(c, { pool_key: pool.key, before: now - HISTORY });
    }
  });
}

export { SAMPLE_PERIOD };

/** Oldest first. */
export async function poolSamples(
  c: Connection,
  pool: PoolRow,
  now: number,
): Promise<{ at: number; figures: Figures }[]> {
  const rows = await poolSamplesSince.all(c, { pool_key: pool.key, since: now - HISTORY });
  return rows.map(({ at, figures }) => ({ at, figures: JSON.parse(figures) as Figures }));
}
