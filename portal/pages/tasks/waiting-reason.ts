/** Why a task waits, in words, what decides first: the job, what it depends on, the pool, the nodes, their slots, and who is before it. Pure. */

export interface WaitingFacts {
  readonly task: { readonly requiredSlots: number; readonly dependsOn: boolean };
  readonly job: {
    readonly state: string;
    readonly priority: number;
    readonly maxParallelTasks: number;
    readonly poolId: string | undefined;
    /** Of tasks that run. */
    readonly running: number;
  };
  /** Those that it depends on and that have not ended well; looked at up to a limit. */
  readonly unfinished: readonly { readonly id: string; readonly state: string }[];
  /** Undefined where the job's pool is not there. */
  readonly pool:
    | {
        readonly state: string;
        readonly allocationState: string;
        readonly isScaled: boolean;
        readonly target: number;
        readonly slotsPerNode: number;
        readonly errors: readonly string[];
        /** Nodes by state. */
        readonly nodes: Readonly<Record<string, number>>;
      }
    | undefined;
  /** Active jobs of the pool with a higher priority. */
  readonly before: readonly string[];
}

const NAMED = 5;

function named(ids: readonly string[]): string {
  const more = ids.length - NAMED;
  return ids.slice(0, NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;

export function waitingReasons(facts: WaitingFacts): readonly string[] {
  const found = [...ofJob(facts), ...ofDependencies(facts), ...ofPool(facts), ...ofOthers(facts)];
  return found.length > 0 ? found : ["Nothing keeps it back: it begins as soon as it has its turn."];
}

function ofJob({ job }: WaitingFacts): string[] {
  const reasons: string[] = [];
  if (job.state !== "active") reasons.push(`The job is ${job.state}: none of its tasks begins.`);
  if (job.maxParallelTasks > 0 && job.running >= job.maxParallelTasks)
    reasons.push(
      `The job runs at most ${count(job.maxParallelTasks, "task")} at once, and ${job.running} run.`,
    );
  return reasons;
}

function ofDependencies({ unfinished }: WaitingFacts): string[] {
  if (unfinished.length === 0) return [];
  const failed = unfinished.filter(({ state }) => state === "failed").map(({ id }) => id);
  const going = unfinished
    .filter(({ state }) => state !== "failed")
    .map(({ id, state }) => `${id} (${state})`);
  return [
    ...(failed.length > 0
      ? [
          `It depends on ${named(failed)}, which failed, and whose exit conditions do not satisfy dependencies.`,
        ]
      : []),
    ...(going.length > 0 ? [`It depends on ${named(going)}.`] : []),
  ];
}

function ofPool({ pool, job, task }: WaitingFacts): string[] {
  if (pool === undefined) return [`The pool ${job.poolId ?? ""} is not there, or may not be read by you.`];
  if (pool.state === "deleting") return ["The pool is being deleted."];
  const reasons = pool.errors.map((error) => `The pool did not get all its nodes: ${error}`);
  if (task.requiredSlots > pool.slotsPerNode)
    reasons.push(
      `It needs ${count(task.requiredSlots, "slot")}, and a node of the pool has ${pool.slotsPerNode}: it can never run there.`,
    );
  const all = Object.values(pool.nodes).reduce((sum, nodes) => sum + nodes, 0);
  if (all === 0) return [...reasons, withoutNodes(pool)];
  const { idle = 0, running = 0, ...others } = pool.nodes;
  if (idle + running > 0) return [...reasons, ...ofSlots(idle, running)];
  const states = Object.entries(others)
    .filter(([, nodes]) => nodes > 0)
    .map(([state, nodes]) => `${nodes} ${state}`);
  return [...reasons, `None of the pool's ${count(all, "node")} takes tasks now: ${states.join(", ")}.`];
}

function withoutNodes({ target, allocationState, isScaled }: NonNullable<WaitingFacts["pool"]>): string {
  if (allocationState === "resizing" && target > 0)
    return `The pool has no nodes yet: ${count(target, "node")} ${target === 1 ? "is" : "are"} coming.`;
  if (target > 0) return `The pool has no nodes, though it is to have ${target}.`;
  return isScaled
    ? "The pool has no nodes: its formula wants none."
    : "The pool has no nodes, and is to have none: resize it.";
}

function ofSlots(idle: number, running: number): string[] {
  if (idle > 0) return [];
  return [
    `All ${count(running, "node")} of the pool that take tasks are busy; it begins when slots become free.`,
  ];
}

function ofOthers({ before, pool }: WaitingFacts): string[] {
  const isBusy = (pool?.nodes.idle ?? 0) === 0;
  return before.length > 0 && isBusy
    ? [`Jobs with a higher priority are before it on this pool: ${named(before)}.`]
    : [];
}
