/** What nodes were used for, added up over nodes that are there and nodes that were. Pure. */

/** Of one node, or of several together. */
export interface NodeLoad {
  /** Microseconds of a processor. */
  readonly cpu_time: number;
  /** Of 512 bytes. */
  readonly disk_blocks_read: number;
  readonly disk_blocks_written: number;
  /** GiB times milliseconds. */
  readonly memory_time: number;
  /** GiB. */
  readonly memory_peak: number;
}

/** With the time for which the nodes were there. */
export interface TimedLoad extends NodeLoad {
  /** Milliseconds, and as much times cores. */
  readonly node_time: number;
  readonly core_time: number;
}

/** A node that is in its pool. */
export interface PresentNode extends NodeLoad {
  /** Milliseconds since the epoch. */
  readonly allocated_at: number;
  readonly is_dedicated: number;
}

export const NO_LOAD: TimedLoad = {
  cpu_time: 0,
  disk_blocks_read: 0,
  disk_blocks_written: 0,
  memory_time: 0,
  memory_peak: 0,
  node_time: 0,
  core_time: 0,
};

/** One node's, up to now. */
export function timedLoad(node: PresentNode, cores: number, now: number): TimedLoad {
  const time = Math.max(0, now - node.allocated_at);
  const { cpu_time, disk_blocks_read, disk_blocks_written, memory_time, memory_peak } = node;
  const load = { cpu_time, disk_blocks_read, disk_blocks_written, memory_time, memory_peak };
  return { ...load, node_time: time, core_time: time * cores };
}

export function loadPlus(one: TimedLoad, other: TimedLoad): TimedLoad {
  return {
    cpu_time: one.cpu_time + other.cpu_time,
    disk_blocks_read: one.disk_blocks_read + other.disk_blocks_read,
    disk_blocks_written: one.disk_blocks_written + other.disk_blocks_written,
    memory_time: one.memory_time + other.memory_time,
    memory_peak: Math.max(one.memory_peak, other.memory_peak),
    node_time: one.node_time + other.node_time,
    core_time: one.core_time + other.core_time,
  };
}

/** Percent of the nodes' cores over the time for which they were there. A node may have more than its size says: never above 100. */
export function cpuPercentage({ cpu_time, core_time }: TimedLoad): number {
  return core_time <= 0 ? 0 : Math.min(100, (100 * cpu_time) / 1_000 / core_time);
}

/** GiB. */
export function memoryAverage({ memory_time, node_time }: TimedLoad): number {
  return node_time <= 0 ? 0 : memory_time / node_time;
}
