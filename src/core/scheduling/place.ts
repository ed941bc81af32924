/**
 * Decides which ready task goes to which node of one pool. A pure function over a snapshot; persisting and telling the agents
 * is the placement loop's business.
 */

export interface OpenNode {
  readonly key: number;
  readonly freeSlots: number;
}

export interface ReadyTask {
  readonly key: number;
  readonly slots: number;
  /** Soft: taken when this node has room (`affinityInfo`). */
  readonly preferredNode?: number;
  /** Nodes that must not run it: they could not be prepared for its job. */
  readonly barredNodes?: ReadonlySet<number>;
}

export interface Placement {
  readonly task: number;
  readonly node: number;
}

/** `spread` gives each task the emptiest node, `pack` the fullest that still has room. Azure: "taskSchedulingPolicy". */
export type NodeFill = "spread" | "pack";

/**
 * @param tasks in the order they should start: job priority first, then age
 * @returns at most one placement per task; no node is given more slots than it has free
 */
export function place(nodes: readonly OpenNode[], tasks: Iterable<ReadyTask>, fill: NodeFill): Placement[] {
  const room = new Room(nodes);
  const placements: Placement[] = [];
  for (const task of tasks) {
    if (room.isFull) break;
    const node = room.take(task, fill);
    if (node !== undefined) placements.push({ task: task.key, node });
    // A wide task that fits nowhere yet keeps the emptiest node from being nibbled at by narrower ones behind it.
    else if (!task.barredNodes) room.reserveEmptiest();
  }
  return placements;
}

/** Nodes by their number of free slots: finding the fullest or the emptiest that fits costs no scan over nodes. */
class Room {
  readonly #byFree: number[][] = [];
  readonly #freeOf = new Map<number, number>();

  constructor(nodes: readonly OpenNode[]) {
    for (const { key, freeSlots } of nodes) if (freeSlots > 0) this.#put(key, freeSlots);
    // Taken from the end: the node given first stands last.
    for (const keys of this.#byFree) keys?.reverse();
  }

  get isFull(): boolean {
    return this.#freeOf.size === 0;
  }

  take(task: ReadyTask, fill: NodeFill): number | undefined {
    if (task.barredNodes) return this.#takeUnbarred(task, task.barredNodes, fill);
    const preferred = task.preferredNode;
    if (preferred !== undefined && (this.#freeOf.get(preferred) ?? 0) >= task.slots) {
      return this.#occupy(preferred, task.slots);
    }
    const free = fill === "spread" ? this.#emptiest(task.slots) : this.#fullest(task.slots);
    const node = free === undefined ? undefined : this.#byFree[free]?.at(-1);
    return node === undefined ? undefined : this.#occupy(node, task.slots);
  }

  /** A failed preparation is rare: this may scan. */
  #takeUnbarred(task: ReadyTask, barred: ReadonlySet<number>, fill: NodeFill): number | undefined {
    const open = [...this.#freeOf].filter(([node, free]) => free >= task.slots && !barred.has(node));
    const best = open.sort(([, a], [, b]) => (fill === "spread" ? b - a : a - b))[0];
    return best && this.#occupy(best[0], task.slots);
  }

  reserveEmptiest(): void {
    const free = this.#emptiest(1);
    const node = free === undefined ? undefined : this.#byFree[free]?.at(-1);
    if (node !== undefined) this.#remove(node);
  }

  #occupy(node: number, slots: number): number {
    const free = this.#remove(node) - slots;
    if (free > 0) this.#put(node, free);
    return node;
  }

  #emptiest(slots: number): number | undefined {
    for (let free = this.#byFree.length - 1; free >= slots; free--) {
      if ((this.#byFree[free]?.length ?? 0) > 0) return free;
    }
    return undefined;
  }

  #fullest(slots: number): number | undefined {
    for (let free = slots; free < this.#byFree.length; free++) {
      if ((this.#byFree[free]?.length ?? 0) > 0) return free;
    }
    return undefined;
  }

  #put(node: number, free: number): void {
    const keys = this.#byFree[free] ?? [];
    keys.push(node);
    this.#byFree[free] = keys;
    this.#freeOf.set(node, free);
  }

  #remove(node: number): number {
    const free = this.#freeOf.get(node) ?? 0;
    const keys = this.#byFree[free] ?? [];
    const at = keys.lastIndexOf(node);
    if (at >= 0) keys.splice(at, 1);
    this.#freeOf.delete(node);
    return free;
  }
}
