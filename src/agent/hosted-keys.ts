/**
 * Which nodes this agent has started, in a folder beside its configuration, for the agent after it: several agents share a folder of
 * nodes, and each kills what is left of its own nodes only.
 */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

export class HostedKeys {
  readonly #folder: string;

  /** @param agentFolder beside the configuration */
  constructor(agentFolder: string) {
    this.#folder = join(agentFolder, "hosted");
  }

  /** Of agents before this one; undefined where none has ever kept them. */
  left(): string[] | undefined {
    try {
      return readdirSync(this.#folder);
    } catch {
      return undefined;
    }
  }

  /** Nothing is left of the nodes before. */
  clear(): void {
    rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
  }

  /** Before anything of the node runs. @param nodeKey a folder's name */
  add(nodeKey: string): void {
    mkdirSync(join(this.#folder, nodeKey), { recursive: true, mode: 0o700 });
  }

  /** Nothing of the node runs any more. */
  remove(nodeKey: string): void {
    rmSync(join(this.#folder, nodeKey), { recursive: true, force: true });
  }
}
