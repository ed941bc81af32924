/**
 * The certificates of a node, in folders of the agent's user alone: beside the node's root, not below it, for what lies there can be
 * read through the service by everybody who may read files.
 */
import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NodeCertificate, RunSpec } from "../wire/agent/messages.ts";

export class NodeCertificates {
  readonly #folder: string;
  readonly #owner: number | undefined;
  readonly #isForGroup: boolean;

  /** Folders that the node's tasks must see; none where there are no certificates. */
  readonly folders: readonly string[];

  /**
   * Writes them anew.
   * @param nodeRoot absolute
   * @param owner id of the tasks, where it is not the agent's
   * @param isForGroup whether named users, who are in the tasks' group, are to read them as well
   */
  constructor(
    nodeRoot: string,
    certificates: readonly NodeCertificate[],
    owner?: number,
    isForGroup = false,
  ) {
    this.#folder = certificatesFolder(nodeRoot);
    this.#owner = owner;
    this.#isForGroup = isForGroup;
    this.remove();
    this.folders = certificates.length === 0 ? [] : [this.#folder];
    if (certificates.length === 0) return;
    this.#makeFolder(this.#folder);
    this.#write(
      "startTask",
      certificates.filter(({ forStartTask }) => forStartTask),
    );
    this.#write(
      "task",
      certificates.filter(({ forTasks }) => forTasks),
    );
  }

  /** What a run of this kind finds in `AZ_BATCH_CERTIFICATES_DIR`. */
  folderFor(kind: RunSpec["place"]["kind"]): string {
    return `${this.#folder}/${kind}`;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #write(kind: RunSpec["place"]["kind"], certificates: readonly NodeCertificate[]): void {
    const folder = this.folderFor(kind);
    this.#makeFolder(folder);
    for (const { name, data, password } of certificates) {
      const file = join(folder, name);
      this.#writeFile(file, Buffer.from(data, "base64"));
      // Azure Batch on Linux puts the password beside it under this name.
      if (name.endsWith(".pfx")) this.#writeFile(`${file}.pw`, password ?? "");
    }
  }

  #makeFolder(path: string): void {
    mkdirSync(path, { mode: 0o700 });
    this.#giveAway(path, 0o750);
  }

  #writeFile(path: string, content: string | Buffer): void {
    writeFileSync(path, content, { mode: 0o600 });
    this.#giveAway(path, 0o640);
  }

  #giveAway(path: string, groupMode: number): void {
    if (this.#owner === undefined) return;
    chownSync(path, this.#owner, this.#owner);
    if (this.#isForGroup) chmodSync(path, groupMode);
  }
}

export function certificatesFolder(nodeRoot: string): string {
  return `${nodeRoot}.certificates`;
}
