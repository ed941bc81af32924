/** How a use case wakes the loops that finish what it began; the loops implement it. */

/** Wakes a reconciler. Cheap, safe to repeat, and safe inside a write that is undone later. */
export interface Nudge {
  /** Tasks of this pool may be placed. */
  placement(poolKey: number): void;
  /** Some pool has more or fewer nodes than it wants, or a node waits for a step. */
  nodes(): void;
  /** Some job is on its way to another state. */
  jobs(): void;
  /** Some schedule is due, or on its way to another state. */
  schedules(): void;
  /** Some pool's formula is due. */
  autoscale(): void;
}
