/** Collects what a transaction does to the counts on job and node rows, to write each row once. */
import { hourOf, KEPT_HOURS } from "../../core/usage/metric-query.ts";
import type { TaskUsage } from "../../core/usage/task-usage.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { type JobRow, jobCountsShift, type TaskCountShift } from "../../store/work/jobs.ts";
import { nodeLoadShift } from "../../store/work/nodes.ts";
import {
  accountHourAdd,
  accountHoursForget,
  accountWorkAdd,
  type NodeLoadSums,
  scheduleWorkAdd,
  type WorkUsageShift,
} from "../../store/work/usage.ts";

/** `blocked`: active, and waiting for other tasks. */
export type TaskPhase = "ready" | "blocked" | "running" | "succeeded" | "failed";

/** The phase of a task that is active. */
export const activePhase = ({ blocked }: { readonly blocked: number }): TaskPhase =>
  blocked > 0 ? "blocked" : "ready";

const NO_USAGE: WorkUsageShift = {
  user_time: 0,
  kernel_time: 0,
  wall_time: 0,
  wait_time: 0,
  blocks_read: 0,
  blocks_written: 0,
  runs_succeeded: 0,
  runs_failed: 0,
  runs_retried: 0,
};

const NO_LOAD: NodeLoadSums = {
  cpu_time: 0,
  disk_blocks_read: 0,
  disk_blocks_written: 0,
  memory_time: 0,
  memory_peak: 0,
};

const KIB_PER_GIB = 1024 * 1024;

/** The job, account and schedule whose sums an attempt's end adds to. */
type UsingJob = Pick<JobRow, "key" | "account_key" | "schedule_key">;

const NONE: TaskCountShift = {
  ...NO_USAGE,
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
  readonly #nodes = new Map<
    number,
    NodeLoadSums & { tasks: number; slots: number; run: number; succeeded: number }
  >();
  readonly #accounts = new Map<number, WorkUsageShift>();
  readonly #schedules = new Map<number, WorkUsageShift>();
  readonly #ends = new Map<number, { hour: number; completed: number; failed: number }>();

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

  /** The job, its schedule and its account have used so much more. */
  use(job: UsingJob, usage: Partial<WorkUsageShift>): void {
    addUsage(this.#job(job.key), usage);
    addUsage(shiftIn(this.#accounts, job.account_key, NO_USAGE), usage);
    if (job.schedule_key !== null) addUsage(shiftIn(this.#schedules, job.schedule_key, NO_USAGE), usage);
  }

  /** A task of the job has ended. @param now epoch milliseconds, the same for all ends of the transaction */
  end(job: UsingJob, isSuccess: boolean, now: number): void {
    this.use(job, isSuccess ? { runs_succeeded: 1 } : { runs_failed: 1 });
    const ends = shiftIn(this.#ends, job.account_key, { hour: hourOf(now), completed: 0, failed: 0 });
    ends.completed++;
    if (!isSuccess) ends.failed++;
  }

  /** @param memory KiB, of the attempt's largest process */
  loadNode(nodeKey: number, usage: TaskUsage, memory: number): void {
    const shift = this.#node(nodeKey);
    const size = memory / KIB_PER_GIB;
    shift.cpu_time += usage.userTime + usage.kernelTime;
    shift.disk_blocks_read += usage.blocksRead;
    shift.disk_blocks_written += usage.blocksWritten;
    shift.memory_time += size * usage.wallTime;
    shift.memory_peak = Math.max(shift.memory_peak, size);
  }

  async write(connection: Connection): Promise<void> {
    for (const [key, shift] of this.#jobs) await jobCountsShift.run(connection, { key, ...shift });
    for (const [key, shift] of this.#nodes) await nodeLoadShift.run(connection, { key, ...shift });
    for (const [key, shift] of this.#schedules) await scheduleWorkAdd.run(connection, { key, ...shift });
    for (const [key, shift] of this.#accounts) {
      await accountWorkAdd.run(connection, { account_key: key, ...shift });
    }
    for (const [account_key, ends] of this.#ends) {
      await accountHourAdd.run(connection, { account_key, ...ends });
      await accountHoursForget.run(connection, { account_key, before: ends.hour - KEPT_HOURS });
    }
  }

  #job(jobKey: number): TaskCountShift {
    return shiftIn(this.#jobs, jobKey, NONE);
  }

  #node(nodeKey: number) {
    return shiftIn(this.#nodes, nodeKey, { tasks: 0, slots: 0, run: 0, succeeded: 0, ...NO_LOAD });
  }
}

function shiftIn<T extends object>(shifts: Map<number, T>, key: number, none: T): T {
  const known = shifts.get(key);
  if (known) return known;
  const shift = { ...none };
  shifts.set(key, shift);
  return shift;
}

function addUsage(shift: WorkUsageShift, usage: Partial<WorkUsageShift>): void {
  for (const [name, value] of Object.entries(usage) as [keyof WorkUsageShift, number][]) shift[name] += value;
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
