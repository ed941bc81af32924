/** Where each task's bar stands in a picture of nodes and time. Pure. Times are milliseconds since the epoch. */

export interface TaskTime {
  readonly id: string;
  readonly node: string | undefined;
  readonly created: number;
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly outcome: "waiting" | "running" | "succeeded" | "failed";
}

export interface Bar {
  readonly task: TaskTime;
  /** Counted over all nodes, from the top. */
  readonly lane: number;
  readonly start: number;
  readonly end: number;
}

export interface NodeLanes {
  readonly node: string;
  readonly first: number;
  readonly count: number;
}

export interface Gantt {
  readonly nodes: readonly NodeLanes[];
  /** By lane; those of a lane do not overlap, and are in the order of time. */
  readonly lanes: readonly (readonly Bar[])[];
  readonly from: number;
  readonly to: number;
}

/** @param now where the bars of tasks that run end */
export function ganttOf(tasks: readonly TaskTime[], now: number): Gantt {
  const begun = tasks.filter(({ start, node }) => start !== undefined && node !== undefined);
  const byNode = Map.groupBy(begun, ({ node = "" }) => node);
  const nodes: NodeLanes[] = [];
  const lanes: Bar[][] = [];
  for (const node of [...byNode.keys()].sort()) {
    const first = lanes.length;
    const own = (byNode.get(node) ?? []).toSorted((a, b) => (a.start ?? 0) - (b.start ?? 0));
    for (const task of own) {
      const start = task.start ?? 0;
      const end = Math.max(start, task.end ?? now);
      const free = lanes.findIndex((lane, index) => index >= first && (lane.at(-1)?.end ?? 0) <= start);
      const lane = free < 0 ? lanes.push([]) - 1 : free;
      lanes[lane]?.push({ task, lane, start, end });
    }
    nodes.push({ node, first, count: lanes.length - first });
  }
  const from = begun.reduce((least, { start = now }) => Math.min(least, start), now);
  const to = begun.reduce((most, { end }) => Math.max(most, end ?? now), from + 1);
  return { nodes, lanes, from, to };
}

/** The bars of a lane that are to be seen between two times. */
export function barsBetween(lane: readonly Bar[], from: number, to: number): readonly Bar[] {
  let low = 0;
  let high = lane.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lane[middle]?.end ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < lane.length && (lane[end]?.start ?? 0) <= to) end += 1;
  return lane.slice(low, end);
}
