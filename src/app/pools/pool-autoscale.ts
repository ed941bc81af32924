/**
 * Pools that decide by a formula how many nodes they want. Source: Azure Batch REST, "Pool - Enable Auto Scale", "Disable Auto Scale",
 * "Evaluate Auto Scale".
 */
import { randomInt } from "node:crypto";
import { formulaParse } from "../../core/autoscale/formula-parse.ts";
import { FormulaProblem } from "../../core/autoscale/formula-problem.ts";
import {
  autoScaleInterval,
  ENABLE_AGAIN_AFTER,
  type PoolAutoScale,
} from "../../core/autoscale/pool-autoscale.ts";
import { type FormulaRun, poolFormulaRun } from "../../core/autoscale/pool-formula.ts";
import { Fault } from "../../core/fault.ts";
import type { ModifiedVersion } from "../../core/lifecycle/resource-version.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { poolAutoScaleRan, poolAutoScaleSet, poolsScaleDue } from "../../store/work/pool-samples.ts";
import { type PoolRow, poolByKey } from "../../store/work/pools.ts";
import type { PoolEnableAutoScaleParameter } from "../../wire/batch/models-types.gen.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import type { App } from "../app.ts";
import type { Records } from "../records.ts";
import { poolFigures, poolSamples } from "./pool-figures.ts";
import { poolFind } from "./pool-read.ts";
import { type PoolTarget, poolRequest, startResize } from "./pool-resize.ts";

/**
 * What is left out stays, where automatic scaling is on already; the first run follows at once.
 * @throws Fault PoolNotFound, PoolBeingDeleted, PoolBeingResized, ConditionNotMet, InvalidPropertyValue,
 * AutoScalingFormulaSyntaxError, TooManyEnableAutoScaleRequests
 */
export function poolAutoScaleEnable(
  target: PoolTarget,
  parameter: PoolEnableAutoScaleParameter,
): Promise<ModifiedVersion> {
  const [app] = target;
  return poolRequest(target, async (c, pool, now) => {
    const before = autoScaleOf(pool);
    if (before && now - before.enabledAt < ENABLE_AGAIN_AFTER) {
      throw new Fault("TooManyEnableAutoScaleRequests");
    }
    await startAutoScale(app, c, pool, now, parameter);
  });
}

/** Inside the caller's transaction. @throws as `poolAutoScaleEnable` */
export async function startAutoScale(
  app: Records,
  c: Connection,
  pool: PoolRow,
  now: number,
  { autoScaleFormula, autoScaleEvaluationInterval }: PoolEnableAutoScaleParameter,
): Promise<void> {
  const before = autoScaleOf(pool);
  if (!before && pool.allocation_state !== "steady") throw new Fault("PoolBeingResized");
  const formula = autoScaleFormula ?? before?.formula;
  if (formula === undefined) throw formulaMissing();
  checkFormula(formula);
  const interval =
    autoScaleEvaluationInterval === undefined && before
      ? before.interval
      : autoScaleInterval(autoScaleEvaluationInterval);
  const next: PoolAutoScale = { ...before, formula, interval, enabledAt: now };
  await poolAutoScaleSet.run(c, { key: pool.key, autoscale: JSON.stringify(next), autoscale_at: now, now });
  await scaleNow(app, c, pool, next, now);
}

/** Runs the formula, keeps what came of it, and starts the resize that it asks for. Inside the caller's transaction. */
export async function scaleNow(
  app: Records,
  c: Connection,
  pool: PoolRow,
  autoScale: PoolAutoScale,
  now: number,
): Promise<void> {
  const { targets, ...result } = await run(app, c, pool, autoScale.formula);
  const next: PoolAutoScale = { ...autoScale, run: result };
  await poolAutoScaleRan.run(c, {
    key: pool.key,
    autoscale: JSON.stringify(next),
    autoscale_at: now + autoScale.interval,
  });
  if (!targets) return;
  const { dedicated, lowPriority, deallocation } = targets;
  if (dedicated === pool.target_dedicated && lowPriority === pool.target_low_priority) return;
  await startResize(c, pool, now, { dedicated, lowPriority, deallocation, timeout: undefined });
  app.nudge.nodes();
}

/** Inside the caller's transaction. */
export function stopAutoScale(c: Connection, { key }: PoolRow, now: number): Promise<unknown> {
  return poolAutoScaleSet.run(c, { key, autoscale: null, autoscale_at: null, now });
}

/** The pool keeps the targets it has. @throws Fault PoolNotFound, PoolBeingDeleted */
export function poolAutoScaleDisable(target: PoolTarget): Promise<ModifiedVersion> {
  return poolRequest(target, (c, pool, now) => stopAutoScale(c, pool, now));
}

/** What the formula would ask for now; nothing changes. @throws Fault PoolNotFound, OperationNotValidOnPool, AutoScalingFormulaSyntaxError */
export async function poolAutoScaleEvaluate(
  app: App,
  account: AccountHandle,
  poolId: string,
  formula: string,
): Promise<{ pool: PoolRow; run: FormulaRun }> {
  const pool = await poolFind(app.store.read, account, poolId);
  if (!autoScaleOf(pool))
    throw new Fault("OperationNotValidOnPool", "Automatic scaling is not enabled on the pool.");
  checkFormula(formula);
  return { pool, run: await run(app, app.store.read, pool, formula) };
}

/** Runs the formulas that are due. Idempotent; called by the autoscale reconciler. */
export async function poolsAutoScale(app: App): Promise<void> {
  for (const { key } of await poolsScaleDue.all(app.store.read, { now: app.clock() })) {
    await app.store.write(async (c) => {
      const pool = await poolByKey.first(c, { key });
      const autoScale = pool && autoScaleOf(pool);
      const now = app.clock();
      if (!autoScale || pool.state === "deleting" || (pool.autoscale_at ?? now + 1) > now) return;
      await scaleNow(app, c, pool, autoScale, now);
    });
  }
}

export function autoScaleOf(pool: Pick<PoolRow, "autoscale">): PoolAutoScale | undefined {
  return pool.autoscale === null ? undefined : (JSON.parse(pool.autoscale) as PoolAutoScale);
}

/** @throws Fault AutoScalingFormulaSyntaxError naming the place, AutoScalingFormulaTooLong */
export function checkFormula(formula: string): void {
  try {
    formulaParse(formula);
  } catch (error) {
    if (!(error instanceof FormulaProblem)) throw error;
    throw new Fault(error.code, "", {
      values: [
        { key: "PropertyName", value: "autoScaleFormula" },
        { key: "Reason", value: error.message },
      ],
    });
  }
}

export function formulaMissing(): Fault {
  return new Fault("MissingRequiredProperty", "", {
    values: [{ key: "PropertyName", value: "autoScaleFormula" }],
  });
}

/** As fine as a random number is. */
const RANDOM_STEPS = 2 ** 47;

async function run(app: Records, c: Connection, pool: PoolRow, formula: string): Promise<FormulaRun> {
  const now = app.clock();
  return poolFormulaRun(formula, {
    now,
    random: () => randomInt(RANDOM_STEPS) / RANDOM_STEPS,
    present: await poolFigures(c, pool),
    samples: await poolSamples(c, pool, now),
    targets: {
      dedicated: pool.target_dedicated,
      lowPriority: pool.target_low_priority,
      deallocation: "requeue",
    },
  });
}
