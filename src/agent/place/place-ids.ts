/**
 * Which ids a node's processes have on this machine. Inside they are 0 and 1000. An agent that runs as root gives each node a
 * range that nobody else has, so that tasks own nothing here; any other agent can only give its own id.
 */
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
} from "node:fs";
import { join } from "node:path";
import { NODE_FOLDERS } from "../../core/lifecycle/task-environment.ts";

export interface PlaceIds {
  /** Lines of uid_map and gid_map: user_namespaces(7). */
  readonly uidMap: string;
  readonly gidMap: string;
  /** The first id of the range; undefined where there is none. */
  readonly first?: number;
}

/** The id of tasks without elevation, inside; the same in native/node-init.h. */
export const TASK_ID = 1000;

/** The place's `/tmp`, below the node's folder: on disk, and gone with the node. */
export const TEMPORARY_FOLDER = "volatile/tmp";

/** Above all that distributions, systemd and container engines give out. */
const RANGES_START = 1_000_000_000;
const RANGE_LENGTH = 65_536;
const RANGES = 8_192;

/** @param nodeRoot always gives the same range, so that a node that starts again still owns what it left */
export function placeIds(nodeRoot: string): PlaceIds {
  const { geteuid, getegid } = process;
  if (geteuid?.() !== 0) return { uidMap: `0 ${geteuid?.()} 1`, gidMap: `0 ${getegid?.()} 1` };
  const known = idsKnownHere();
  // Two nodes in one range would still be kept apart by their namespaces.
  const range = createHash("sha256").update(nodeRoot).digest().readUInt32BE() % RANGES;
  const start = RANGES_START + RANGE_LENGTH * range;
  // Root of a container knows few ids: the upper half of those has to do for all nodes.
  const [first, length] =
    start + RANGE_LENGTH <= known ? [start, RANGE_LENGTH] : [Math.floor(known / 2), Math.floor(known / 2)];
  const map = `0 ${first} ${length}`;
  return { uidMap: map, gidMap: map, first };
}

/** Whom a file must belong to that only the place's tasks may read; undefined where they have the agent's own id. */
export function taskOwner(nodeRoot: string): number | undefined {
  const { first } = placeIds(nodeRoot);
  return first === undefined ? undefined : first + TASK_ID;
}

/** Makes the node's folder, or finds it; what tasks write to belongs to them, the rest to the place's administrator. */
export function makePlaceFolder(nodeRoot: string, { first }: PlaceIds): void {
  const isOthers = first !== undefined && statSync(nodeRoot, { throwIfNoEntry: false })?.uid !== first;
  // Left by a node without a place: its tasks owned it as root, and this one's could not.
  if (isOthers) rmSync(nodeRoot, { recursive: true, force: true });
  for (const name of ["", ...NODE_FOLDERS, TEMPORARY_FOLDER]) {
    const folder = join(nodeRoot, name);
    makeFolder(folder);
    if (first === undefined) continue;
    const isAdministrators = name === "" || name === "applications";
    const id = isAdministrators ? first : first + TASK_ID;
    chownSync(folder, id, id);
  }
  chmodSync(join(nodeRoot, TEMPORARY_FOLDER), 0o1777);
}

/** A link that a task has left in its place would lead to a folder of the machine, which would then be the task's. */
function makeFolder(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === false) unlinkSync(path);
  mkdirSync(path, { recursive: true });
}

function idsKnownHere(): number {
  const [inner, , length] = readFileSync("/proc/self/uid_map", "utf8").trim().split(/\s+/).map(Number);
  return inner === 0 ? (length ?? 0) : 0;
}
