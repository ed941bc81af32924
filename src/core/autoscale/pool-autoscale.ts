/** What is remembered of a pool that scales by itself: the document in `pool.autoscale`. Azure Batch REST, "Pool - Enable Auto Scale". */
import { durationToMilliseconds } from "../model/iso-duration.ts";
import type { FormulaRun } from "./pool-formula.ts";

export interface PoolAutoScale {
  readonly formula: string;
  /** Milliseconds between two runs. */
  readonly interval: number;
  /** When it was last enabled; milliseconds since the epoch. */
  readonly enabledAt: number;
  readonly run?: Omit<FormulaRun, "targets">;
}

/** Azure's default for `autoScaleEvaluationInterval`. Milliseconds. */
const DEFAULT_INTERVAL = 15 * 60_000;

/** Enabling again this soon is refused. Milliseconds. */
export const ENABLE_AGAIN_AFTER = 30_000;

/** @param interval ISO 8601 duration, as the request gives it */
export function autoScaleInterval(interval: string | undefined): number {
  return interval === undefined ? DEFAULT_INTERVAL : durationToMilliseconds(interval);
}
