/** Adds up what nodes were used for, by pool. Pure. Source: Azure Batch REST, "PoolUsageMetrics". */
import { vmSizeCores } from "../../wire/batch/vm-size-cores.ts";

/** One node's time in its pool; milliseconds since the epoch. */
export interface NodeSpan {
  readonly poolId: string;
  readonly vmSize: string;
  readonly from: number;
  readonly to: number;
}

export interface PoolUsage {
  readonly poolId: string;
  readonly vmSize: string;
  /** Milliseconds that one core would have taken. */
  readonly coreTime: number;
}

/** By pool id and size; what lies outside of the time asked for counts nothing. */
export function poolUsage(spans: readonly NodeSpan[], from: number, to: number): PoolUsage[] {
  const sums = new Map<string, PoolUsage>();
  for (const { poolId, vmSize, ...span } of spans) {
    const time = Math.min(span.to, to) - Math.max(span.from, from);
    if (time <= 0) continue;
    const key = `${poolId.toLowerCase()}/${vmSize.toLowerCase()}`;
    const coreTime = (sums.get(key)?.coreTime ?? 0) + time * vmSizeCores(vmSize);
    sums.set(key, { poolId, vmSize, coreTime });
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, usage]) => usage);
}
