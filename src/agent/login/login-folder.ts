/**
 * What of a node's logins stays on disk: the homes of its users, the key by which its server is known again, the port, and the
 * server's log of each connection. Beside the node's root, not below it, for what lies there can be read through the service.
 * Only homes and logs are seen inside; whatever is in them may be the work of whoever administers the node, and is never followed.
 */
import { execFile } from "node:child_process";
import {
  chownSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { removeTree } from "../files/remove-tree.ts";
import { removeOthers } from "../sandbox/sandbox-ids.ts";

/** The path at which the node sees the homes. */
export const HOMES = "/home";
export const LOGS = "/var/log/sshd";

/** As much of a log is read: who it was stands at its beginning. Bytes. */
const LOG_HEAD = 65_536;

export class LoginFolder {
  readonly #path: string;
  readonly #homes: string;
  readonly #logs: string;

  /** @param nodeRoot absolute, without symbolic links */
  constructor(nodeRoot: string) {
    this.#path = `${nodeRoot}.logins`;
    this.#homes = join(this.#path, "homes");
    this.#logs = join(this.#path, "logs");
  }

  /** What of it is seen in the node, by the path there. */
  get seen(): ReadonlyMap<string, string> {
    return new Map([
      [HOMES, this.#homes],
      [LOGS, this.#logs],
    ]);
  }

  /** Before the node is there: nobody looks on. @param owner id of whoever administers the node */
  async make(owner: number): Promise<void> {
    await removeTree(this.#logs);
    await removeOthers(this.#homes, owner); // of a time when the node had other ids
    for (const folder of [this.#path, this.#homes, this.#logs]) mkdirSync(folder, { recursive: true });
    for (const folder of [this.#homes, this.#logs]) chownSync(folder, owner, owner);
  }

  remove(): Promise<void> {
    return removeTree(this.#path);
  }

  /** By name of the home: the id that it belongs to, inside. */
  homeOwners(first: number): Map<string, number> {
    const owners = readdirSync(this.#homes).map(
      (name) => [name, lstatSync(join(this.#homes, name)).uid - first] as const,
    );
    return new Map(owners);
  }

  /** Made when it is first asked for. @throws Error when ssh-keygen is missing or fails */
  async hostKey(): Promise<string> {
    const file = join(this.#path, "host_key");
    const read = () => readFileSync(file, "utf8");
    try {
      return read();
    } catch {
      await promisify(execFile)("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file]);
      return read();
    }
  }

  /** The last one; 0 when there was none. */
  get port(): number {
    try {
      return Number(readFileSync(join(this.#path, "port"), "utf8")) || 0;
    } catch {
      return 0;
    }
  }

  set port(port: number) {
    writeFileSync(join(this.#path, "port"), String(port));
  }

  /** The beginning of a connection's log; empty when there is none. */
  logHead(connection: number): string {
    let file: number | undefined;
    try {
      const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
      file = openSync(join(this.#logs, String(connection)), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      if (!fstatSync(file).isFile()) return "";
      const head = Buffer.alloc(LOG_HEAD);
      return head.toString("utf8", 0, readSync(file, head));
    } catch {
      return "";
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }

  removeLog(connection: number): void {
    // A single name, in a folder that cannot be exchanged. That of a folder stays.
    try {
      rmSync(join(this.#logs, String(connection)));
    } catch {}
  }
}
