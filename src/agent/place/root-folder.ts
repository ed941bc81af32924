/**
 * What a node with a root of its own has changed in it, on disk. Beside the node's folder, not below it, for what lies there can be read
 * through the service. It stays as long as the node's folder does. Whatever is in it is the work of whoever administers the node, and is
 * never followed.
 */
import { chownSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { removeOthers } from "./place-ids.ts";

/** Where overlays keep what they are at, below it. */
export const WORK = "work";

export class RootFolder {
  readonly path: string;

  /** @param nodeRoot absolute, without symbolic links */
  constructor(nodeRoot: string) {
    this.path = `${nodeRoot}.root`;
  }

  /** Before the node is there: nobody looks on. @param owner id of whoever administers the node */
  make(owner: number): void {
    removeOthers(this.path, owner); // of a time when the node had other ids
    if (mkdirSync(this.path, { recursive: true }) !== undefined) chownSync(this.path, owner, owner);
    // What an overlay has not written to the disk the kernel does not mount again, unless it is told that this is known.
    else rmSync(join(this.path, WORK), { recursive: true, force: true });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 3 });
  }
}
