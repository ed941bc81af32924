/**
 * What a node with a root of its own has changed in it, on disk. Beside the node's folder, not below it, for what lies there can be read
 * through the service. It stays as long as the node's folder does. Whatever is in it is the work of whoever administers the node, and is
 * never followed.
 */
import { chownSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { removeTree } from "../files/remove-tree.ts";
import { removeOthers } from "./sandbox-ids.ts";

/** The folder below it that overlays work in. */
export const WORK = "work";

export class RootFolder {
  readonly path: string;

  /** @param nodeRoot absolute, without symbolic links */
  constructor(nodeRoot: string) {
    this.path = `${nodeRoot}.root`;
  }

  /** What containers change, each in a folder of its number. */
  get containers(): string {
    return join(this.path, "containers");
  }

  async removeContainer(number: number): Promise<void> {
    await removeTree(join(this.containers, String(number)));
  }

  /** Before the node is there: nobody looks on. @param owner id of whoever administers the node */
  async make(owner: number): Promise<void> {
    await removeOthers(this.path, owner); // of a time when the node had other ids
    if (mkdirSync(this.path, { recursive: true }) !== undefined) chownSync(this.path, owner, owner);
    // What an overlay has not written to the disk the kernel does not mount again, unless it is told that this is known.
    else await removeTree(join(this.path, WORK));
    // Of containers that ended with the node.
    await removeTree(this.containers);
    mkdirSync(this.containers, { mode: 0o700 });
    chownSync(this.containers, owner, owner);
  }

  remove(): Promise<void> {
    return removeTree(this.path);
  }
}
