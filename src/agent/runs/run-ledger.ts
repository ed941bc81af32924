/**
 * Remembers every run this agent has heard of, so that none is ever started twice: the live ones, the reports that the
 * service has not acknowledged yet, and the latest of those that it has.
 */
import type { RunId, RunReport } from "../../wire/agent/messages.ts";
import type { NodeRun } from "./node-run.ts";

/**
 * Acknowledged runs that are still known. A late duplicate of an order can only come from a service that was cut off
 * between two messages, so the last seconds' worth is plenty.
 */
const ACKNOWLEDGED_RUNS_KEPT = 10_000;

export class RunLedger {
  readonly #live = new Map<RunId, NodeRun>();
  readonly #reports = new Map<RunId, RunReport>();
  readonly #acknowledged = new Set<RunId>();

  /** False for a run that must not start again. */
  isNew(run: RunId): boolean {
    return !this.#live.has(run) && !this.#reports.has(run) && !this.#acknowledged.has(run);
  }

  add(run: NodeRun): void {
    this.#live.set(run.spec.run, run);
  }

  live(run: RunId): NodeRun | undefined {
    return this.#live.get(run);
  }

  allLive(): NodeRun[] {
    return [...this.#live.values()];
  }

  /** The run is over; its report is kept until it is acknowledged. */
  settle(report: RunReport): void {
    this.#live.delete(report.run);
    this.#reports.set(report.run, report);
  }

  report(run: RunId): RunReport | undefined {
    return this.#reports.get(run);
  }

  unacknowledged(): RunReport[] {
    return [...this.#reports.values()];
  }

  acknowledge(run: RunId): void {
    if (!this.#reports.delete(run)) return;
    this.#acknowledged.add(run);
    if (this.#acknowledged.size <= ACKNOWLEDGED_RUNS_KEPT) return;
    for (const oldest of this.#acknowledged) {
      this.#acknowledged.delete(oldest);
      break;
    }
  }
}
