/**
 * The control groups of nodes, where the agent may divide its own: one for the programs that run beside the nodes, and one with a
 * limit for each node. The kernel allows limits only to the children of a group that holds no process itself. What may be done,
 * and which limits there are, is core/lifecycle/node-limits.ts's; this only reads and writes files.
 */
import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  CONTROLLERS_ON,
  cgroupMountPoint,
  cgroupObstacle,
  cgroupPath,
  limitFiles,
  type MachineSize,
  memoryOfAllNodes,
  type NodeLimits,
} from "../../core/lifecycle/node-limits.ts";

/** The children of the agent's group. */
const OWN = "batchyard";
const NODES = "nodes";
/** A node's last processes are gone when its init is, but for what the kernel still tidies up. */
const YOUNG_MS = 60_000;
const REMOVALS = 10;
const REMOVAL_PAUSE_MS = 20;

export class NodeCgroups {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Why nodes can have none; undefined when they can. @param processes `/proc` */
  static obstacle(processes = "/proc"): string | undefined {
    return ownGroup(processes).obstacle;
  }

  /**
   * Moves the programs beside the nodes into a group of their own, from where on nodes can have theirs.
   * @param processes `/proc`
   * @returns why they cannot, as text
   */
  static open(machine: MachineSize, processes = "/proc"): NodeCgroups | string {
    const { group, obstacle } = ownGroup(processes);
    if (obstacle !== undefined) return obstacle;
    try {
      divide(group, machine);
    } catch (error) {
      return (error as Error).message;
    }
    return new NodeCgroups(join(group, NODES));
  }

  /** @param key the node's; names its group @returns the group's folder */
  make(key: string, limits: NodeLimits): string {
    const folder = join(this.#folder, key);
    mkdirSync(folder, { recursive: true });
    for (const [name, content] of limitFiles(limits)) writeFileSync(join(folder, name), content);
    return folder;
  }

  /** Removes a group whose processes have gone. One that is left holds nothing, and is taken by the node if it starts again. */
  async remove(key: string): Promise<void> {
    for (let tries = 0; tries < REMOVALS && !removeEmpty(join(this.#folder, key)); tries++)
      await delay(REMOVAL_PAUSE_MS);
  }
}

/** @param group a node's; a program that has ended meanwhile is left out */
export function joinGroup(group: string, pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      writeFileSync(join(group, "cgroup.procs"), String(pid));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

/** Or of the container that the agent is in. */
export function machineSize(): MachineSize {
  const total = totalmem();
  return {
    memoryBytes: Math.min(total, process.constrainedMemory() || total),
    cpus: availableParallelism(),
    threads: Number(textOf("/proc/sys/kernel/threads-max")) || Number.POSITIVE_INFINITY,
  };
}

function ownGroup(processes: string): { group: string; obstacle: string | undefined } {
  const mountPoint = cgroupMountPoint(textOf(join(processes, "self/mountinfo")));
  const path = cgroupPath(textOf(join(processes, "self/cgroup"))) ?? "/";
  const found = join(mountPoint ?? "/", path);
  // The programs of an agent before this one have been moved already.
  const isMoved = basename(found) === OWN && isWritable(join(dirname(found), NODES));
  const group = isMoved ? dirname(found) : found;
  const obstacle = cgroupObstacle({
    mountPoint,
    path,
    controllers: textOf(join(group, "cgroup.controllers")).trim().split(" "),
    isWritable: isWritable(group) && isWritable(join(group, "cgroup.procs")),
    strangers: isMoved ? 0 : strangersIn(group, processes),
  });
  return { group, obstacle };
}

function divide(group: string, machine: MachineSize): void {
  for (const name of [OWN, NODES]) mkdirSync(join(group, name), { recursive: true });
  for (const pid of pidsIn(group)) writeFileSync(join(group, OWN, "cgroup.procs"), pid);
  for (const folder of [group, join(group, NODES)])
    writeFileSync(join(folder, "cgroup.subtree_control"), CONTROLLERS_ON);
  writeFileSync(join(group, NODES, "memory.max"), String(memoryOfAllNodes(machine)));
  // Those of an agent that was killed are empty; one that is not will be taken by its node.
  for (const entry of readdirSync(join(group, NODES), { withFileTypes: true }))
    if (entry.isDirectory() && isOld(join(group, NODES, entry.name)))
      removeEmpty(join(group, NODES, entry.name));
}

/** Another account's agent may be making one at this moment, which holds nothing yet. */
function isOld(folder: string): boolean {
  const made = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
  return Date.now() - made > YOUNG_MS;
}

/** False when it still holds something. */
function removeEmpty(group: string): boolean {
  try {
    rmdirSync(group);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "EBUSY";
  }
}

/** How many are neither above this process nor below the one that started it. */
function strangersIn(group: string, processes: string): number {
  const line = (pid: string): string[] => {
    const stat = textOf(join(processes, pid, "stat"));
    // The process's own name stands before, in brackets, and may have some of its own.
    const [, , parent] = stat.slice(stat.lastIndexOf(")")).split(" ", 3);
    return parent === undefined || parent === "0" ? [pid] : [pid, ...line(parent)];
  };
  const [own = "", parent = own, ...above] = line(textOf(join(processes, "self/stat")).split(" ", 1).join());
  const starter = parent === "1" ? own : parent;
  return pidsIn(group).filter((pid) => {
    const theirs = line(pid);
    return !above.includes(pid) && !theirs.includes(starter);
  }).length;
}

function pidsIn(group: string): string[] {
  return textOf(join(group, "cgroup.procs")).split("\n").filter(Boolean);
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
