/**
 * Decides which ready task of a pool's jobs goes to which node, in one round. Pure over what it is handed; persisting and telling the
 * agents is the placement loop's business.
 *
 * Jobs of a higher priority come first. Among equal ones (`none`, Azure's default) the next slot goes to the job that has the fewest,
 * then to the one that was served longest ago: each of N jobs gets a share of 1/N, however many tasks it has. `creationtime` gives the
 * oldest job all that it can use. Source: Azure Batch REST, "BatchJobDefaultOrder".
 */
import { type NodeFill, type OpenNode, type ReadyTask, Room } from "./room.ts";

export type JobOrder = "none" | "creationtime";

export interface WaitingJob {
  readonly key: number;
  readonly priority: number;
  readonly runningSlots: number;
  /** Greater than that of all jobs that were served before; 0 for one that never was. */
  readonly served: number;
  /** How many more of its tasks may run at once; Infinity for any number. */
  readonly more: number;
  /** Nodes that must not run any of its tasks. */
  readonly barredNodes?: ReadonlySet<number>;
}

export interface WaitingWork {
  /** The next jobs in the order of `isBefore`, each once; an empty list when there are no more. */
  jobs(): Promise<readonly WaitingJob[]>;
  /** The job's oldest task that has not been asked for and is at most so wide; undefined for none. */
  task(jobKey: number, widest: number): Promise<ReadyTask | undefined>;
}

export interface Placement {
  readonly job: number;
  readonly task: number;
  readonly node: number;
}

export interface Round {
  readonly placements: readonly Placement[];
  /** The new `served` of each job that was. */
  readonly served: ReadonlyMap<number, number>;
  /** There may be more to place. */
  readonly isCut: boolean;
}

interface Candidate {
  readonly job: WaitingJob;
  slots: number;
  served: number;
  more: number;
  /** A task of it waits for a node of its own. */
  hasReserved: boolean;
}

export interface RoundOptions {
  readonly fill: NodeFill;
  readonly order: JobOrder;
  readonly now: number;
  readonly isOver?: () => boolean;
}

/**
 * @param now milliseconds since the epoch
 * @param isOver asked after each placement: whether the round is long enough, and another one goes on
 * @returns at most one placement per task; no node is given more slots than it has free
 */
export async function placeRound(
  nodes: readonly OpenNode[],
  work: WaitingWork,
  { fill, order, now, isOver = () => false }: RoundOptions,
): Promise<Round> {
  const room = new Room(nodes);
  const candidates = new Candidates(work, order, now);
  const placements: Placement[] = [];
  const served = new Map<number, number>();
  while (!room.isFull) {
    const candidate = await candidates.first();
    if (candidate === undefined) break;
    const { job } = candidate;
    const isOpen = job.barredNodes === undefined || room.isOpenTo(job.barredNodes);
    const widest = candidate.hasReserved ? room.widest : Number.POSITIVE_INFINITY;
    const given = isOpen ? await work.task(job.key, widest) : undefined;
    if (given === undefined) {
      candidates.drop();
      continue;
    }
    const task = withBarred(given, job);
    const node = room.take(task, fill);
    if (node === undefined) {
      // A wide task keeps one node from being nibbled at by narrower ones behind it. One for each job: the others take what is left.
      if (!candidate.hasReserved) room.reserveFor(task);
      candidate.hasReserved = true;
      continue;
    }
    placements.push({ job: job.key, task: task.key, node });
    served.set(job.key, candidates.serve(candidate, task.slots));
    if (isOver()) return { placements, served, isCut: true };
  }
  return { placements, served, isCut: false };
}

function withBarred(task: ReadyTask, { barredNodes }: WaitingJob): ReadyTask {
  if (barredNodes === undefined) return task;
  return { ...task, barredNodes: new Set([...barredNodes, ...(task.barredNodes ?? [])]) };
}

/** Jobs in the order in which they are served, read as far as the round needs them. */
class Candidates {
  readonly #work: WaitingWork;
  readonly #isBefore: (a: Candidate, b: Candidate) => boolean;
  /** A heap: each entry is before those at 2i+1 and 2i+2. */
  readonly #heap: Candidate[] = [];
  /** The last that was read: what has not been read comes after it. */
  #last: Candidate | undefined;
  #isAllRead = false;
  /** Never before the clock, so that jobs that were not read have theirs before it. */
  #turn: number;

  constructor(work: WaitingWork, order: JobOrder, now: number) {
    this.#turn = now;
    this.#work = work;
    this.#isBefore = isBefore(order);
  }

  async first(): Promise<Candidate | undefined> {
    for (;;) {
      const first = this.#heap[0];
      const isRead = this.#last !== undefined && first !== undefined && !this.#isBefore(this.#last, first);
      if (this.#isAllRead || isRead) return first;
      const jobs = await this.#work.jobs();
      this.#isAllRead = jobs.length === 0;
      for (const job of jobs) {
        const { runningSlots: slots, served, more } = job;
        this.#turn = Math.max(this.#turn, served);
        this.#last = { job, slots, served, more, hasReserved: false };
        // The heap changes its entries; the last one stands for what was read.
        this.#push({ ...this.#last });
      }
    }
  }

  /** The first has got a task. @returns its new turn */
  serve(candidate: Candidate, slots: number): number {
    candidate.slots += slots;
    candidate.served = ++this.#turn;
    candidate.more--;
    if (candidate.more > 0) this.#sink();
    else this.drop();
    return candidate.served;
  }

  /** The first has nothing more. */
  drop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink();
  }

  #push(candidate: Candidate): void {
    const heap = this.#heap;
    heap.push(candidate);
    for (let at = heap.length - 1; at > 0; ) {
      const above = (at - 1) >> 1;
      if (!this.#swapIfBefore(at, above)) break;
      at = above;
    }
  }

  #sink(): void {
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const [a, b] = [this.#heap[left], this.#heap[right]];
      const below = b !== undefined && a !== undefined && this.#isBefore(b, a) ? right : left;
      if (!this.#swapIfBefore(below, at)) break;
      at = below;
    }
  }

  #swapIfBefore(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (a === undefined || b === undefined || !this.#isBefore(a, b)) return false;
    this.#heap[one] = b;
    this.#heap[other] = a;
    return true;
  }
}

function isBefore(order: JobOrder): (a: Candidate, b: Candidate) => boolean {
  return (a, b) => {
    if (a.job.priority !== b.job.priority) return a.job.priority > b.job.priority;
    if (order === "none") {
      if (a.slots !== b.slots) return a.slots < b.slots;
      if (a.served !== b.served) return a.served < b.served;
    }
    return a.job.key < b.job.key;
  };
}
