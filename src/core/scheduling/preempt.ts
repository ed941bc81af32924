/**
 * Which running tasks give way to work of a higher priority that found no room. Pure. Only tasks of jobs that allow it are considered,
 * and no more of them than the waiting work needs. Source: Azure Batch REST, "JobAddParameter.allowTaskPreemption".
 */

export interface NodeLoad {
  readonly key: number;
  /** Free now, or as soon as tasks end that are being stopped already. */
  readonly freeSlots: number;
}

export interface Preemptible {
  readonly task: number;
  readonly node: number;
  readonly slots: number;
  readonly priority: number;
  /** Milliseconds since the epoch: what has run longest is stopped last. */
  readonly startedAt: number;
}

export interface Wanting {
  readonly slots: number;
  readonly priority: number;
  readonly barredNodes?: ReadonlySet<number>;
}

/** @param wanting in the order in which they are to be served */
export function tasksToPreempt(
  nodes: readonly NodeLoad[],
  running: readonly Preemptible[],
  wanting: readonly Wanting[],
): number[] {
  const free = new Map(nodes.map(({ key, freeSlots }) => [key, freeSlots]));
  const onNode = new Map<number, Preemptible[]>(nodes.map(({ key }) => [key, []]));
  for (const task of [...running].sort(byWorth)) onNode.get(task.node)?.push(task);
  const stopped: number[] = [];
  for (const want of wanting) {
    const choice = cheapest(free, onNode, want);
    if (choice === undefined) continue;
    const { node, victims } = choice;
    const freed = victims.reduce((slots, victim) => slots + victim.slots, 0);
    free.set(node, (free.get(node) ?? 0) + freed - want.slots);
    onNode.set(
      node,
      (onNode.get(node) ?? []).filter((task) => !victims.includes(task)),
    );
    stopped.push(...victims.map(({ task }) => task));
  }
  return stopped;
}

/** The least worth first: the lowest priority, then what began last. */
const byWorth = (a: Preemptible, b: Preemptible): number =>
  a.priority - b.priority || b.startedAt - a.startedAt || b.task - a.task;

interface Choice {
  readonly node: number;
  readonly victims: readonly Preemptible[];
}

/** The node where the fewest slots of the lowest priority have to be freed. */
function cheapest(
  free: ReadonlyMap<number, number>,
  onNode: ReadonlyMap<number, readonly Preemptible[]>,
  want: Wanting,
): Choice | undefined {
  let best: (Choice & { readonly highest: number; readonly slots: number }) | undefined;
  for (const [node, freeSlots] of free) {
    if (want.barredNodes?.has(node)) continue;
    const victims: Preemptible[] = [];
    let slots = 0;
    for (const task of onNode.get(node) ?? []) {
      if (freeSlots + slots >= want.slots || task.priority >= want.priority) break;
      victims.push(task);
      slots += task.slots;
    }
    if (freeSlots + slots < want.slots) continue;
    const highest = victims.at(-1)?.priority ?? Number.NEGATIVE_INFINITY;
    if (best === undefined || highest < best.highest || (highest === best.highest && slots < best.slots))
      best = { node, victims, highest, slots };
  }
  return best;
}
