/**
 * Which images nodes stand on, so that nobody takes them away: a file for each, in a folder of the node's, named after the agent that hosts it. What
 * an agent has left that is no more counts for nothing.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export class ImageClaims {
  readonly #folder: string;

  /** @param folder made when it is needed */
  constructor(folder: string) {
    this.#folder = folder;
  }

  claim(id: string, nodeKey: string): void {
    const folder = this.#ofNode(nodeKey);
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    writeFileSync(join(folder, id), "");
  }

  release(nodeKey: string): void {
    rmSync(this.#ofNode(nodeKey), { recursive: true, force: true });
  }

  all(): Set<string> {
    const claimed = new Set<string>();
    for (const owner of entriesOf(this.#folder)) {
      const [pid = ""] = owner.split("-", 1);
      if (existsSync(`/proc/${pid}`)) for (const id of entriesOf(join(this.#folder, owner))) claimed.add(id);
      else rmSync(join(this.#folder, owner), { recursive: true, force: true });
    }
    return claimed;
  }

  #ofNode(nodeKey: string): string {
    return join(this.#folder, `${process.pid}-${nodeKey}`);
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
