/**
 * Lets the dependents of a task go that has completed in a satisfying way, and takes its number back when it is no longer there. A
 * task may have more dependents than one transaction should touch: the rest is written down as due, and goes on in steps of its own.
 *
 *   task ends ──▶ up to STEP dependents in its own transaction ──more──▶ dependency_due ──▶ a slice of time at a time ──▶ none left
 */
import { type RunChange, runsWith, runsWithout } from "../../core/lifecycle/number-runs.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { jobByKey } from "../../store/work/jobs.ts";
import {
  dependencyDueDelete,
  dependencyDueFirst,
  dependencyDueInsert,
  dependentsOnIdForget,
  dependentsOnIdUnblock,
  dependentsOnRangeForget,
  dependentsOnRangeUnblock,
  rangeDelete,
  rangesWaitingOn,
  rangeWaitSet,
  runDelete,
  runInsert,
  runsNear,
  taskSatisfyingNumber,
} from "../../store/work/task-dependencies.ts";
import type { TaskRow } from "../../store/work/tasks.ts";
import type { App } from "../app.ts";
import { CountShifts } from "../jobs/task-counts.ts";
import { poolKeyOfJob } from "../pools/pool-of-job.ts";
import { WriteSlice } from "../write-slice.ts";

/** Rows that the transaction of a task's end touches, and those that a step touches before it looks at the time. Ours. */
const STEP = 200;

/** Inside the caller's transaction. What it leaves over is due, and `counts` says so. */
export async function taskReleaseDependents(
  c: Connection,
  task: Pick<TaskRow, "job_key" | "id_lower" | "id_number">,
  counts: CountShifts,
): Promise<void> {
  const release = new Release(c, task.job_key, counts, STEP - counts.released);
  const { job_key, id_lower: on_id, id_number: number } = task;
  const due = { job_key, on_id: null, number: null };
  if (!(await release.dependentsOnId(on_id))) await dependencyDueInsert.run(c, { ...due, on_id });
  if (number !== null) {
    const near = await runsNear.all(c, { job_key, after: number + 1 });
    await change(c, job_key, runsWith(near, number));
    if (!(await release.dependentsOnNumber(number))) await dependencyDueInsert.run(c, { ...due, number });
  }
  counts.released += release.rows;
}

/**
 * For a task that is deleted or reactivated. Whoever has been let go stays so; a range that still waits for others waits for
 * this number again.
 */
export async function taskHoldDependents(
  c: Connection,
  {
    key,
    job_key,
    id_number: number,
    satisfies,
  }: Pick<TaskRow, "key" | "job_key" | "id_number" | "satisfies">,
): Promise<void> {
  if (satisfies === 0 || number === null) return;
  if (await taskSatisfyingNumber.first(c, { job_key, number, key })) return;
  await change(c, job_key, runsWithout(await runsNear.all(c, { job_key, after: number + 1 }), number));
}

/** Goes on with what is due, until nothing is. Called by the jobs reconciler; each step is a transaction of its own. */
export async function dependentsRelease(app: App): Promise<void> {
  while (await app.store.write((c) => releaseStep(app, c)));
}

/** @returns whether there was anything to do */
async function releaseStep(app: App, c: Connection): Promise<boolean> {
  const due = await dependencyDueFirst.first(c, {});
  if (due === undefined) return false;
  const counts = new CountShifts();
  const { on_id, number } = due;
  const slice = new WriteSlice();
  let isDone = false;
  do {
    const release = new Release(c, due.job_key, counts, STEP);
    isDone =
      (on_id === null || (await release.dependentsOnId(on_id))) &&
      (number === null || (await release.dependentsOnNumber(number)));
  } while (!isDone && !slice.isOver);
  if (isDone) await dependencyDueDelete.run(c, { key: due.key });
  await counts.write(c);
  const job = await jobByKey.first(c, { key: due.job_key });
  const poolKey = job && (await poolKeyOfJob(c, job));
  if (poolKey !== undefined) app.nudge.placement(poolKey);
  return true;
}

/** Lets go at most so many. Each method tells whether it has let go all. */
class Release {
  rows = 0;
  readonly #c: Connection;
  readonly #jobKey: number;
  readonly #counts: CountShifts;
  readonly #limit: number;

  constructor(c: Connection, jobKey: number, counts: CountShifts, limit: number) {
    this.#c = c;
    this.#jobKey = jobKey;
    this.#counts = counts;
    this.#limit = Math.max(1, limit);
  }

  get #left(): number {
    return Math.max(1, this.#limit - this.rows);
  }

  async dependentsOnId(on_id: string): Promise<boolean> {
    const some = { job_key: this.#jobKey, on_id, limit: this.#left };
    const unblocked = await dependentsOnIdUnblock.all(this.#c, some);
    if (unblocked.length > 0) await dependentsOnIdForget.run(this.#c, some);
    this.#count(unblocked);
    return unblocked.length < some.limit;
  }

  async dependentsOnNumber(number: number): Promise<boolean> {
    const c = this.#c;
    const limit = this.#left;
    const waiting = await rangesWaitingOn.all(c, { job_key: this.#jobKey, number, limit });
    for (const { key, first_number, next } of waiting) {
      // Taken back meanwhile: whoever waits goes on waiting.
      if (next === number) continue;
      if (next >= first_number) await rangeWaitSet.run(c, { key, waits_on: next });
      else if (!(await this.#dependentsOnRange(key))) return false;
      this.rows++;
    }
    return waiting.length < limit || waiting.every(({ next }) => next === number);
  }

  async #dependentsOnRange(range_key: number): Promise<boolean> {
    const some = { range_key, limit: this.#left };
    const unblocked = await dependentsOnRangeUnblock.all(this.#c, some);
    if (unblocked.length > 0) await dependentsOnRangeForget.run(this.#c, some);
    this.#count(unblocked);
    if (unblocked.length === some.limit) return false;
    await rangeDelete.run(this.#c, { key: range_key });
    return true;
  }

  #count(unblocked: readonly Pick<TaskRow, "state" | "blocked">[]): void {
    this.rows += unblocked.length;
    const ready = unblocked.filter(({ state, blocked }) => state === "active" && blocked === 0).length;
    if (ready > 0) this.#counts.unblock(this.#jobKey, ready);
  }
}

async function change(c: Connection, job_key: number, { remove, add }: RunChange): Promise<void> {
  for (const { first } of remove) await runDelete.run(c, { job_key, first_number: first });
  for (const { first, last } of add)
    await runInsert.run(c, { job_key, first_number: first, last_number: last });
}
