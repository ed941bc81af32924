/** Collects what a transaction does to the counts on job and node rows, to write each row once. */
import type { Connection } from "../../store/engine/connection.ts";
import { jobCountsShift, type TaskCountShift } from "../../store/work/jobs.ts";
import { nodeLoadShift } from "../../store/work/nodes.ts";

/** `blocked`: active, and waiting for other tasks. */
export type TaskPhase = "ready" | "blocked" | "running" | "succeeded" | "failed";

/** The phase of a task that is active. */
export const activePhase = ({ blocked }: { readonly blocked: number }): TaskPhase =>
  blocked > 0 ? "blocked" : "ready";

const NONE: TaskCountShift = {
  active: 0,
  running: 0,
  completed: 0,
  succeeded: 0,
  failed: 0,
  active_slots: 0,
  running_slots: 0,
  completed_slots: 0,
  succeeded_slots: 0,
  failed_slots: 0,
  ready: 0,
  served: 0,
};

export class CountShifts {
  /** Dependents that the transaction has let go so far. */
  released = 0;
  readonly #jobs = new Map<number, TaskCountShift>();
  readonly #nodes = new Map<number, { tasks: number; slots: number; run: number; succeeded: number }>();

  /** A task enters the job (`from` undefined), leaves it (`to` undefined), or changes its phase. */
  moveTask(jobKey: number, slots: number, from: TaskPhase | undefined, to: TaskPhase | undefined): void {
    const shift = this.#job(jobKey);
    if (from) add(shift, from, -1, -slots);
    if (to) add(shift, to, 1, slots);
  }

  /** Blocked tasks of the job wait for nothing any more. */
  unblock(jobKey: number, tasks: number): void {
    this.#job(jobKey).ready += tasks;
  }

  /** The job's turn among others comes so much later. */
  serve(jobKey: number, later: number): void {
    this.#job(jobKey).served += later;
  }

  occupyNode(nodeKey: number, slots: number): void {
    const shift = this.#node(nodeKey);
    shift.tasks++;
    shift.slots += slots;
    shift.run++;
  }

  freeNode(nodeKey: number, slots: number, succeeded: boolean): void {
    const shift = this.#node(nodeKey);
    shift.tasks--;
    shift.slots -= slots;
    if (succeeded) shift.succeeded++;
  }

  async write(connection: Connection): Promise<void> {
    for (const [key, shift] of this.#jobs) await jobCountsShift.run(connection, { key, ...shift });
    for (const [key, shift] of this.#nodes) await nodeLoadShift.run(connection, { key, ...shift });
  }

  #job(jobKey: number): TaskCountShift {
    const shift = this.#jobs.get(jobKey) ?? { ...NONE };
    this.#jobs.set(jobKey, shift);
    return shift;
  }

  #node(nodeKey: number) {
    const shift = this.#nodes.get(nodeKey) ?? { tasks: 0, slots: 0, run: 0, succeeded: 0 };
    this.#nodes.set(nodeKey, shift);
    return shift;
  }
}

function add(shift: TaskCountShift, phase: TaskPhase, tasks: number, slots: number): void {
  const state = phase === "ready" || phase === "blocked" ? "active" : phase;
  shift[state] += tasks;
  shift[`${state}_slots`] += slots;
  if (phase === "ready") shift.ready += tasks;
  if (phase === "succeeded" || phase === "failed") {
    shift.completed += tasks;
    shift.completed_slots += slots;
  }
}
