/**
 * How much of a machine one node may use, and whether and how the kernel's control groups (version 2) hold it to that. Pure: the
 * files are src/agent/sandbox/node-cgroups.ts's. Source: Linux, "Control Group v2"; systemd, "Control Group APIs and Delegation".
 */

export interface NodeLimits {
  readonly memoryBytes: number;
  readonly cpus: number;
  /** Processes and threads. */
  readonly processes: number;
}

export interface MachineSize {
  readonly memoryBytes: number;
  readonly cpus: number;
  /** `kernel.threads-max` */
  readonly threads: number;
}

/** A control group that its limits are written to: what stands in its files. */
export type ControlFiles = readonly (readonly [name: string, content: string])[];

const GIB = 2 ** 30;
/** Of most of Azure's sizes; for those that are not known by name. */
const GIB_PER_CORE = 4;
const PROCESSES_MIN = 4_096;
const PROCESSES_PER_SLOT = 512;
/** What all nodes together leave to the machine's other programs, the service among them. */
const MEMORY_KEPT_MIN = GIB / 2;
const MEMORY_KEPT_SHARE = 0.1;
/** Of the machine's threads, for one node. */
const THREADS_SHARE = 0.25;
const CPU_PERIOD_US = 100_000;

const CONTROLLERS = ["cpu", "memory", "pids"] as const;

/** What the virtual machine that a node stands for would have. Azure limits no processes: enough for what its slots run at once. */
export function limitsOfSize(
  cores: number,
  memoryGib: number | undefined,
  taskSlotsPerNode: number,
): NodeLimits {
  return {
    memoryBytes: Math.round((memoryGib ?? cores * GIB_PER_CORE) * GIB),
    cpus: cores,
    processes: Math.max(PROCESSES_MIN, PROCESSES_PER_SLOT * taskSlotsPerNode),
  };
}

/** No node gets more than there is. */
export function limitsWithin(limits: NodeLimits, machine: MachineSize): NodeLimits {
  return {
    memoryBytes: Math.min(limits.memoryBytes, memoryOfAllNodes(machine)),
    cpus: Math.min(limits.cpus, machine.cpus),
    processes: Math.min(limits.processes, Math.floor(machine.threads * THREADS_SHARE)),
  };
}

export function memoryOfAllNodes({ memoryBytes }: MachineSize): number {
  return Math.round(memoryBytes - Math.max(MEMORY_KEPT_MIN, memoryBytes * MEMORY_KEPT_SHARE));
}

export function limitFiles({ memoryBytes, cpus, processes }: NodeLimits): ControlFiles {
  return [
    ["memory.max", String(memoryBytes)],
    ["cpu.max", `${Math.round(cpus * CPU_PERIOD_US)} ${CPU_PERIOD_US}`],
    ["pids.max", String(processes)],
  ];
}

/** For `cgroup.subtree_control`. */
export const CONTROLLERS_ON = CONTROLLERS.map((name) => `+${name}`).join(" ");

/** What an agent finds out about the control group that it runs in. */
export interface CgroupFacts {
  /** Of a version 2 hierarchy; undefined when none is mounted. */
  readonly mountPoint: string | undefined;
  /** As /proc/PID/cgroup tells it, from the mount point on. */
  readonly path: string;
  /** That its children could be given. */
  readonly controllers: readonly string[];
  readonly isWritable: boolean;
  /** Processes in it that are not this program's. */
  readonly strangers: number;
}

/** Why nodes cannot have control groups below that one; undefined when they can. */
export function cgroupObstacle(facts: CgroupFacts): string | undefined {
  const { mountPoint, path, controllers, isWritable, strangers } = facts;
  if (mountPoint === undefined) return "there is no version 2 of control groups here";
  const missing = CONTROLLERS.filter((name) => !controllers.includes(name));
  if (missing.length > 0) return `its control group has no controllers for ${missing.join(", ")}`;
  if (!isWritable) return "its control group is not delegated to its user";
  // Root may write to it all the same; it stays the login manager's.
  if (/^session-[^/]*\.scope$/.test(path.split("/").at(-1) ?? ""))
    return "its control group is a login session's";
  if (strangers > 0) return `other programs are in its control group, with ${strangers} of its processes`;
  return undefined;
}

/** Where version 2 is mounted, by the text of /proc/PID/mountinfo. */
export function cgroupMountPoint(mountInfo: string): string | undefined {
  for (const line of mountInfo.split("\n")) {
    const [place = "", kind = ""] = line.split(" - ");
    if (kind.startsWith("cgroup2 ")) return place.split(" ")[4];
  }
  return undefined;
}

/** The process's control group in version 2, by the text of /proc/PID/cgroup. */
export function cgroupPath(text: string): string | undefined {
  return /^0::(\/.*)$/m.exec(text)?.[1];
}
