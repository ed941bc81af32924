/** The work that waits for a pool's nodes, read from the store as far as a round of placement asks for it. */
import { waitsForPreparation } from "../../core/lifecycle/hook-ids.ts";
import type { JobOrder, WaitingJob, WaitingWork } from "../../core/scheduling/place.ts";
import type { ReadyTask } from "../../core/scheduling/room.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { jobNodesFailed } from "../../store/work/job-nodes.ts";
import { type JobRow, jobsInTurn, jobsOldestFirst } from "../../store/work/jobs.ts";
import type { PoolRow } from "../../store/work/pools.ts";
import { tasksReady, widthsReady } from "../../store/work/tasks.ts";
import type { TaskAddParameter } from "../../wire/batch/models-types.gen.ts";
import { jobSpecOf } from "../jobs/job-spec.ts";
import { affinityId } from "../nodes/affinity-id.ts";

export type ReadyRow = Awaited<ReturnType<typeof tasksReady.all>>[number];

export interface PoolNode {
  readonly key: number;
  readonly id: string;
  readonly is_dedicated: number;
}

const JOBS_PER_READ = 32;
const FIRST_TASKS_PER_READ = 4;
const TASKS_PER_READ = 64;
/** What one read takes, about; a task may have a megabyte. */
const CHARACTERS_PER_READ = 500_000;

/** A job's ready tasks of one width, oldest first. */
interface Queue {
  readonly slots: number;
  rows: ReadyRow[];
  after: number;
  limit: number;
  isAllRead: boolean;
}

export class StoredWork implements WaitingWork {
  readonly #c: Connection;
  readonly #pool: PoolRow;
  readonly #nodes: readonly PoolNode[];
  readonly #queues = new Map<number, Queue[]>();
  readonly #jobs = new Map<number, JobRow>();
  readonly #tasks = new Map<number, ReadyRow>();
  #read = 0;

  constructor(c: Connection, pool: PoolRow, nodes: readonly PoolNode[]) {
    this.#c = c;
    this.#pool = pool;
    this.#nodes = nodes;
  }

  async jobs(): Promise<readonly WaitingJob[]> {
    const { account_key, id_lower: pool_id_lower, job_order } = this.#pool;
    const inOrder = (job_order as JobOrder) === "creationtime" ? jobsOldestFirst : jobsInTurn;
    const page = { account_key, pool_id_lower, limit: JOBS_PER_READ, offset: this.#read };
    const rows = await inOrder.all(this.#c, page);
    this.#read += rows.length;
    return Promise.all(rows.map((row) => this.#waiting(row)));
  }

  async #waiting(job: JobRow): Promise<WaitingJob> {
    this.#jobs.set(job.key, job);
    const { key, priority, served, running_slots: runningSlots } = job;
    const more = job.max_parallel === -1 ? Number.POSITIVE_INFINITY : job.max_parallel - job.running;
    return { key, priority, runningSlots, served, more, ...(await barredNodes(this.#c, job)) };
  }

  async task(jobKey: number, widest: number): Promise<ReadyTask | undefined> {
    const queues = await this.#queuesOf(jobKey);
    let oldest: Queue | undefined;
    for (const queue of queues) {
      if (queue.slots > widest) continue;
      await this.#fill(jobKey, queue);
      const head = queue.rows[0];
      if (head && (oldest?.rows[0] === undefined || head.key < oldest.rows[0].key)) oldest = queue;
    }
    const row = oldest?.rows.shift();
    if (row === undefined) return undefined;
    this.#tasks.set(row.key, row);
    return {
      key: row.key,
      slots: row.required_slots,
      ...this.#preference(row),
      ...this.#dedicatedOnly(jobKey, row),
    };
  }

  jobOf(key: number): JobRow | undefined {
    return this.#jobs.get(key);
  }

  /** What was handed out. */
  found(jobKey: number, taskKey: number): { readonly job: JobRow; readonly task: ReadyRow } | undefined {
    const [job, task] = [this.#jobs.get(jobKey), this.#tasks.get(taskKey)];
    return job && task && { job, task };
  }

  /** One for each width that the pool's nodes can hold; of wider ones nothing is read. */
  async #queuesOf(job_key: number): Promise<readonly Queue[]> {
    const known = this.#queues.get(job_key);
    if (known !== undefined) return known;
    const queues: Queue[] = [];
    for (let above = 0; ; ) {
      const slots = (await widthsReady.first(this.#c, { job_key, above }))?.required_slots ?? null;
      if (slots === null || slots > this.#pool.slots_per_node) break;
      queues.push({ slots, rows: [], after: 0, limit: FIRST_TASKS_PER_READ, isAllRead: false });
      above = slots;
    }
    this.#queues.set(job_key, queues);
    return queues;
  }

  async #fill(job_key: number, queue: Queue): Promise<void> {
    if (queue.rows.length > 0 || queue.isAllRead) return;
    const { slots, after, limit } = queue;
    queue.rows = await tasksReady.all(this.#c, { job_key, slots, after, limit });
    queue.isAllRead = queue.rows.length < limit;
    queue.after = queue.rows.at(-1)?.key ?? after;
    const longest = Math.max(1, ...queue.rows.map(({ spec }) => spec.length));
    queue.limit = Math.max(1, Math.min(TASKS_PER_READ, Math.floor(CHARACTERS_PER_READ / longest)));
  }

  /** `affinityInfo` names a node by the id that its resource shows; few tasks have one, and only theirs are parsed. */
  #preference({ spec }: ReadyRow): { preferredNode?: number } {
    if (!spec.includes('"affinityInfo"')) return {};
    const { affinityInfo } = JSON.parse(spec) as TaskAddParameter;
    const node = this.#nodes.find(({ id }) => affinityId(id) === affinityInfo?.affinityId);
    return node === undefined ? {} : { preferredNode: node.key };
  }

  /** A job manager may refuse nodes that can be taken away. */
  #dedicatedOnly(jobKey: number, { id }: ReadyRow): { barredNodes?: ReadonlySet<number> } {
    const job = this.#jobs.get(jobKey);
    const manager = job && jobSpecOf(job).jobManagerTask;
    if (manager?.id !== id || manager.allowLowPriorityNode !== false) return {};
    const spot = this.#nodes.filter(({ is_dedicated }) => is_dedicated === 0);
    return spot.length === 0 ? {} : { barredNodes: new Set(spot.map(({ key }) => key)) };
  }
}

/** Nodes that could not be prepared for the job. */
async function barredNodes(c: Connection, job: JobRow): Promise<{ barredNodes?: ReadonlySet<number> }> {
  const spec = jobSpecOf(job);
  if (!spec.jobPreparationTask || !waitsForPreparation(spec)) return {};
  const failed = await jobNodesFailed.all(c, { job_key: job.key });
  return failed.length === 0 ? {} : { barredNodes: new Set(failed.map(({ node_key }) => node_key)) };
}
