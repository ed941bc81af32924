/**
 * Which ids a node's processes have on this machine. Inside they are 0 and 1000. An agent that is root, of the machine or of a
 * namespace with ids of its own, gives each node a range of them, so that tasks own nothing here; any other agent can only give
 * its own id.
 */
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { idsFromZero } from "../../core/lifecycle/subordinate-ids.ts";
import { NODE_FOLDERS } from "../../core/lifecycle/task-environment.ts";
import type { UserAccountSpec } from "../../wire/agent/messages.ts";
import { removeTree } from "../files/remove-tree.ts";
import { idMap, type SandboxAccount, sandboxAccounts } from "./sandbox-accounts.ts";

export interface SandboxIds {
  /** What goes into uid_map and gid_map: user_namespaces(7). */
  readonly uidMap: string;
  readonly gidMap: string;
  /** The first id of the range; undefined where there is none. */
  readonly first?: number;
  /** Empty where there is no range of ids: nobody could tell the accounts apart. */
  readonly accounts: readonly SandboxAccount[];
}

/** The ids of all nodes: `count` ranges of equal length. Where ids are few there is one, to which their programs and images belong. */
export interface NodeRanges {
  readonly start: number;
  readonly length: number;
  readonly count: number;
}

/** Of whoever administers the node, inside; the same in native/sandbox/node-ids.h. */
export const ADMIN_ID = 0;

/** The id of tasks without elevation, inside; the same in native/sandbox/node-ids.h. */
export const TASK_ID = 1000;

/** The sandbox's `/tmp`, below the node's folder: on disk, and gone with the node. */
export const TEMPORARY_FOLDER = "volatile/tmp";

/** Above all that distributions, systemd and container engines give out. */
const ROOTS_RANGES: NodeRanges = { start: 1_000_000_000, length: 65_536, count: 8_192 };

/** @param known how many ids there are from 0 on; undefined when not even those of a task can be had */
export function nodeRanges(known: number): NodeRanges | undefined {
  if (known >= ROOTS_RANGES.start + ROOTS_RANGES.length * ROOTS_RANGES.count) return ROOTS_RANGES;
  // The lower half of few may belong to somebody: to users of a container, to another engine's containers.
  const half = Math.floor(known / 2);
  const start = half > TASK_ID + 1 ? half : 1;
  const length = Math.min(known - start, ROOTS_RANGES.length);
  return length <= TASK_ID + 1 ? undefined : { start, length, count: 1 };
}

/**
 * @param nodeRoot a folder that is there keeps its range, so that a node that starts again still owns what it left
 * @throws Error for a range that is too short for the accounts
 */
export function sandboxIds(nodeRoot: string, userAccounts: readonly UserAccountSpec[] = []): SandboxIds {
  const { geteuid, getegid } = process;
  const ranges = rangesHere();
  if (!ranges) return { uidMap: `0 ${geteuid?.()} 1`, gidMap: `0 ${getegid?.()} 1`, accounts: [] };
  const { start, length } = ranges;
  const first = start + length * freeRange(nodeRoot, ranges);
  const accounts = sandboxAccounts(userAccounts, length);
  const uids = new Map(accounts.map(({ uid, uidOffset }) => [uid, uidOffset]));
  const gids = new Map(accounts.map(({ gid, gidOffset }) => [gid, gidOffset]));
  return { uidMap: idMap(first, length, uids), gidMap: idMap(first, length, gids), first, accounts };
}

/** Of this process; undefined where nodes have the agent's own id. */
export function rangesHere(): NodeRanges | undefined {
  return process.geteuid?.() === 0 ? nodeRanges(idsKnownHere()) : undefined;
}

/** Whether this process is root of the machine, and not of a user namespace. */
export function isMachinesRoot(): boolean {
  return (
    process.geteuid?.() === 0 && readFileSync("/proc/self/uid_map", "utf8").trim().split(/\s+/)[1] === "0"
  );
}

/** Two nodes in one range would still be kept apart by their namespaces: where all are taken, they share. */
function freeRange(nodeRoot: string, { start, length, count }: NodeRanges): number {
  const rangeOf = (folder: string): number | undefined => {
    const index = ((statSync(folder, { throwIfNoEntry: false })?.uid ?? -1) - start) / length;
    return Number.isInteger(index) && index >= 0 && index < count ? index : undefined;
  };
  // On a disk of the node's own, which has the range: the only node there would find all others free.
  const own = rangeOf(nodeRoot) ?? rangeOf(dirname(nodeRoot));
  if (own !== undefined) return own;
  const parent = dirname(nodeRoot);
  const taken = new Set(readdirSync(parent).map((name) => rangeOf(join(parent, name))));
  const wanted = createHash("sha256").update(nodeRoot).digest().readUInt32BE() % count;
  for (let step = 0; step < count; step++) {
    const index = (wanted + step) % count;
    if (!taken.has(index)) return index;
  }
  return wanted;
}

/**
 * Whom a file must belong to that only the sandbox's tasks may read; undefined where they have the agent's own id.
 * @param nodeRoot made already
 */
export function taskOwner(nodeRoot: string): number | undefined {
  const { first } = sandboxIds(nodeRoot);
  return first === undefined ? undefined : first + TASK_ID;
}

/**
 * Makes the node's folder, or finds it; what tasks write to belongs to them, the rest to the sandbox's administrator. From then on
 * the ids are the node's, by whose folder they are found again.
 */
export async function makeSandboxFolder(
  nodeRoot: string,
  userAccounts: readonly UserAccountSpec[] = [],
): Promise<SandboxIds> {
  mkdirSync(dirname(nodeRoot), { recursive: true });
  const ids = sandboxIds(nodeRoot, userAccounts);
  const { first } = ids;
  // Left by a node without a sandbox, or with other ids: its tasks owned what this one's could not touch.
  await removeOthers(nodeRoot, first ?? process.geteuid?.());
  for (const name of ["", ...NODE_FOLDERS, TEMPORARY_FOLDER]) {
    const folder = join(nodeRoot, name);
    makeFolder(folder);
    if (first === undefined) continue;
    const isAdministrators = name === "" || name === "applications";
    const id = isAdministrators ? first : first + TASK_ID;
    chownSync(folder, id, id);
  }
  chmodSync(join(nodeRoot, TEMPORARY_FOLDER), 0o1777);
  // Of the group of all tasks, named users' included.
  chmodSync(join(nodeRoot, "shared"), 0o775);
  return ids;
}

/** Removes the folder when it belongs to anybody else. */
export async function removeOthers(folder: string, owner: number | undefined): Promise<void> {
  const found = statSync(folder, { throwIfNoEntry: false })?.uid;
  if (found !== undefined && found !== owner) await removeTree(folder);
}

/** A link that a task has left in its place would lead to a folder of the machine, which would then be the task's. */
function makeFolder(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === false) unlinkSync(path);
  mkdirSync(path, { recursive: true });
}

function idsKnownHere(): number {
  const known = ["uid_map", "gid_map"].map((map) => idsFromZero(readFileSync(`/proc/self/${map}`, "utf8")));
  return Math.min(...known);
}
