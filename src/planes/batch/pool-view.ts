/** A pool as the protocol shows it, without the secrets that were given with it. Source: API description, "CloudPool". */
import { autoScaleOf } from "../../app/pools/pool-autoscale.ts";
import type { PoolWithNodes } from "../../app/pools/pool-read.ts";
import { poolNodesUsage } from "../../app/usage/account-usage.ts";
import type { PoolAutoScale } from "../../core/autoscale/pool-autoscale.ts";
import type { FormulaRun } from "../../core/autoscale/pool-formula.ts";
import type { PoolResize } from "../../core/lifecycle/pool-resize.ts";
import { etagOf } from "../../core/lifecycle/resource-version.ts";
import { millisecondsToDuration } from "../../core/model/iso-duration.ts";
import { parseWithoutSecrets } from "../../core/model/written-only.ts";
import type { PoolAddParameter } from "../../wire/batch/models-types.gen.ts";
import type { BatchContext } from "./request/context.ts";
import { time } from "./request/reply.ts";
import { nodesStatistics, wantsStatistics } from "./statistics-view.ts";

/** With its statistics where the request asks for them. */
export function shownPool(context: BatchContext, found: PoolWithNodes): object {
  const { origin } = context.exchange;
  const view = poolView(origin, found);
  if (!wantsStatistics(context)) return view;
  const usage = poolNodesUsage(found.pool, found.nodes, context.app.clock());
  return { ...view, stats: nodesStatistics(`${origin}/pools/${found.pool.id}`, usage) };
}

function poolView(origin: string, { pool, nodes, identities }: PoolWithNodes): object {
  const spec = parseWithoutSecrets<PoolAddParameter>(pool.spec);
  const resize = pool.resize === null ? undefined : (JSON.parse(pool.resize) as PoolResize);
  const staying = nodes.filter(({ state }) => state !== "creating");
  const dedicated = staying.filter(({ is_dedicated }) => is_dedicated === 1).length;
  return {
    ...spec,
    url: `${origin}/pools/${pool.id}`,
    eTag: etagOf(pool),
    creationTime: time(pool.created_at),
    lastModified: time(pool.modified_at),
    state: pool.state,
    stateTransitionTime: time(pool.state_at),
    allocationState: pool.allocation_state,
    allocationStateTransitionTime: time(pool.allocation_at),
    ...(resize && { resizeTimeout: millisecondsToDuration(resize.timeoutMs) }),
    ...(resize && resize.errors.length > 0 && { resizeErrors: resize.errors }),
    currentDedicatedNodes: dedicated,
    currentLowPriorityNodes: staying.length - dedicated,
    targetDedicatedNodes: pool.target_dedicated,
    targetLowPriorityNodes: pool.target_low_priority,
    ...autoScaleView(autoScaleOf(pool)),
    taskSlotsPerNode: pool.slots_per_node,
    maxTasksPerNode: pool.slots_per_node,
    taskSchedulingPolicy: { ...spec.taskSchedulingPolicy, nodeFillType: pool.fill },
    currentNodeCommunicationMode: "simplified",
    ...(identities.length > 0 && {
      identity: { type: "UserAssigned", userAssignedIdentities: identities },
    }),
  };
}

function autoScaleView(autoScale: PoolAutoScale | undefined): object {
  if (!autoScale) return {};
  return {
    enableAutoScale: true,
    autoScaleFormula: autoScale.formula,
    autoScaleEvaluationInterval: millisecondsToDuration(autoScale.interval),
    ...(autoScale.run && { autoScaleRun: autoScaleRunView(autoScale.run) }),
  };
}

/** Source: API description, "AutoScaleRun". */
export function autoScaleRunView({ timestamp, results, error }: Omit<FormulaRun, "targets">): object {
  return { timestamp: time(timestamp), results, ...(error && { error }) };
}
