/** The free slots of a pool's nodes during one round: which node a task gets. Pure. */

export interface OpenNode {
  readonly key: number;
  readonly freeSlots: number;
}

export interface ReadyTask {
  readonly key: number;
  readonly slots: number;
  /** Soft: taken when this node has room (`affinityInfo`). */
  readonly preferredNode?: number;
  /** Nodes that must not run it: they could not be prepared for its job, or are of the wrong kind. */
  readonly barredNodes?: ReadonlySet<number>;
}

/** `spread` gives each task the emptiest node, `pack` the fullest that still has room. Azure: "taskSchedulingPolicy". */
export type NodeFill = "spread" | "pack";

/** Nodes by their number of free slots: finding the fullest or the emptiest that fits costs no scan over nodes. */
export class Room {
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

  /** The widest task that some node has room for. */
  get widest(): number {
    return this.#emptiest(1) ?? 0;
  }

  /** @returns whether some node with room may run what is barred from these */
  isOpenTo(barred: ReadonlySet<number>): boolean {
    return [...this.#freeOf.keys()].some((node) => !barred.has(node));
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

  /** Nothing more is placed on the emptiest node that may run the task. */
  reserveFor({ barredNodes }: Pick<ReadyTask, "barredNodes">): void {
    for (let free = this.#byFree.length - 1; free > 0; free--) {
      const node = this.#byFree[free]?.findLast((key) => !barredNodes?.has(key));
      if (node === undefined) continue;
      this.#remove(node);
      return;
    }
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
