/**
 * A disk of a node's own: a file system of a fixed size in a file beside the nodes' folders, whose room is taken when it is made, so that
 * neither one node nor all together can fill the machine's. Only the machine's root can have some. It is mounted in the agent's mount
 * namespace alone (src/compute/local-agent.ts) and goes from there with the agent, however that ends; the file stays as long as the node's
 * folder would.
 */
import { execFile } from "node:child_process";
import { chownSync, existsSync, mkdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { NodeFault } from "../node-fault.ts";
import { isMachinesRoot, sandboxIds } from "../sandbox/sandbox-ids.ts";

/** What there must be on the machine, besides what mounts. */
const TRIAL_BYTES = 16 * 2 ** 20;
/** Whoever still reads a file there may finish so long. Milliseconds. */
const UNMOUNT_MS = 2_000;
const UNMOUNT_AGAIN_MS = 50;

/**
 * Without a journal, for what lies there is worth nothing without its node: a volume that was not left in order is looked through before it is
 * mounted again. The kernel is not to fill empty tables with zeros: they are holes.
 */
const MAKE = `set -e
fallocate --length "$2" "$1"
mke2fs -q -F -t ext4 -m 0 -O ^has_journal -E lazy_itable_init=1,nodiscard "$1"`;
/** 0: in order, 1 and 2: put in order. One that is still mounted somewhere is in order. */
const CHECK = `[ -n "$(losetup --associated "$1")" ] && exit 0
e2fsck -p "$1" >&2 || [ $? -le 2 ]`;
const MOUNT = `mount -t ext4 -o loop,nodev,noinit_itable "$1" "$2"`;

export interface VolumePlace {
  readonly nodesFolder: string;
  /** A folder's name. */
  readonly nodeKey: string;
}

export class NodeVolume {
  /** Where it is mounted; the node's folders lie below. */
  readonly folder: string;
  readonly #file: string;

  private constructor(place: VolumePlace) {
    this.folder = volumeFolder(place);
    this.#file = volumeFile(place);
  }

  /** Whether the node has had one before. */
  static isThere(place: VolumePlace): boolean {
    return existsSync(volumeFile(place));
  }

  /**
   * Finds the node's, or makes it.
   * @param bytes of a new one, all that is needed to manage it included
   * @param hasIds the node has ids of its own, to which its folders belong
   * @throws NodeFault `DiskFull` where the machine has not so much room left; Error where it cannot be mounted
   */
  static async open(place: VolumePlace, bytes: number, hasIds: boolean): Promise<NodeVolume> {
    const volume = new NodeVolume(place);
    const { folder } = volume;
    const file = volume.#file;
    mkdirSync(folder, { recursive: true });
    const owner = hasIds ? sandboxIds(folder).first : undefined;
    // Seen by the agents that have not mounted it: the ids are taken.
    if (owner !== undefined) chownSync(folder, owner, owner);
    if (existsSync(file)) {
      await volume.close(); // of an agent that had no mount namespace of its own
      await shell(CHECK, file).catch(() => rmSync(file));
    }
    if (!existsSync(file)) await make(file, bytes);
    await shell(MOUNT, file, folder);
    if (owner !== undefined) chownSync(folder, owner, owner);
    return volume;
  }

  /** Nothing runs on the node any more. What lies there stays. */
  async close(): Promise<void> {
    const until = performance.now() + UNMOUNT_MS;
    while (performance.now() < until) {
      const obstacle = await shell('umount "$1"', this.folder).then(
        () => undefined,
        (error: Error) => error.message,
      );
      if (obstacle === undefined || /not mounted|no mount point/.test(obstacle)) return;
      await delay(UNMOUNT_AGAIN_MS);
    }
    await shell('umount --lazy "$1"', this.folder).catch(() => {});
  }

  /** Once closed. */
  remove(): void {
    rmSync(this.#file, { force: true });
    try {
      rmdirSync(this.folder);
    } catch {
      // It has gone, or what is mounted there is still read.
    }
  }
}

/** Of a node that has a volume, and whose folder is therefore below it. */
export function volumeFolder({ nodesFolder, nodeKey }: VolumePlace): string {
  return join(nodesFolder, `${nodeKey}.volume`);
}

function volumeFile({ nodesFolder, nodeKey }: VolumePlace): string {
  return join(nodesFolder, `${nodeKey}.disk`);
}

/** Why nodes cannot have disks of their own here; undefined when they can. @param nodesFolder where they are to lie */
export async function volumeObstacle(nodesFolder: string): Promise<string | undefined> {
  if (!isMachinesRoot()) return "only root can mount them";
  const place = { nodesFolder, nodeKey: `.trial-${process.pid}` };
  try {
    const volume = await NodeVolume.open(place, TRIAL_BYTES, false);
    await volume.close();
    volume.remove();
    return undefined;
  } catch (error) {
    rmSync(volumeFile(place), { force: true });
    rmSync(volumeFolder(place), { recursive: true, force: true });
    return (error as Error).message;
  }
}

async function make(file: string, bytes: number): Promise<void> {
  const unfinished = `${file}.new`;
  rmSync(unfinished, { force: true });
  try {
    await shell(MAKE, unfinished, String(bytes));
    await shell('mv "$1" "$2"', unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    if (!/No space left/.test((error as Error).message)) throw error;
    throw new NodeFault("DiskFull", "The machine has no room for another node's disk.");
  }
}

/** @throws Error with the last line that was said */
function shell(script: string, ...words: readonly string[]): Promise<void> {
  const env = {
    ...process.env,
    LC_ALL: "C",
    PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin:/usr/bin:/bin`,
  };
  return new Promise((resolve, reject) => {
    execFile("/bin/sh", ["-c", script, "sh", ...words], { env }, (error, _, said) => {
      if (!error) resolve();
      else reject(new Error(said.trim().split("\n").at(-1) || error.message));
    });
  });
}
