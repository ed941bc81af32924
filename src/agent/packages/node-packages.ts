/**
 * The application packages on one node: a copy of each activation of a version, in a folder of its own below `applications`, shared by
 * whatever runs there. A copy is put together out of the tasks' reach and comes into its place whole, by one rename: what is there is
 * complete, whenever the agent may have died. Sources: "Deploy applications to compute nodes with Batch application packages";
 * "Files and directories in Azure Batch".
 */
import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { chown, type FileHandle, lstat, mkdir, open, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { ArchiveProblem } from "../../core/transfer/archive-plan.ts";
import { TransferFault } from "../../core/transfer/transfer-fault.ts";
import type { FailureDetail, PackageSpec } from "../../wire/agent/messages.ts";
import { entryPath } from "../files/node-path.ts";
import { removeTree } from "../files/remove-tree.ts";
import { download } from "../transfer/download.ts";
import { openFolder } from "../transfer/node-folders.ts";
import type { TransferNetwork } from "../transfer/outbound-request.ts";
import { unpack } from "./unpack.ts";

/** A package that a node cannot have. */
export class PackageFault extends Error {
  /** The code of a node's error and of a task's failure alike. */
  readonly code = "ApplicationPackageError";
  readonly details: readonly FailureDetail[];
  constructor(reference: string, why: string) {
    super(`The application package ${reference} could not be installed: ${why}`);
    this.details = [
      { name: "ApplicationPackageReference", value: reference },
      { name: "Message", value: why },
    ];
  }
}

export interface NodePackagesOptions {
  /** Absolute path of the node's folder, without symbolic links. */
  readonly root: string;
  /** On the same disk, out of every task's reach; made when missing, and the node's alone. */
  readonly stage: string;
  /** The user id that installed files belong to; undefined for the agent's own user. */
  readonly owner: number | undefined;
  readonly network: () => TransferNetwork;
}

const APPLICATIONS = "applications";

interface Installation {
  readonly done: Promise<void>;
  readonly stop: AbortController;
  /** The number of runs that still wait for it. */
  waiting: number;
}

export class NodePackages {
  readonly #options: NodePackagesOptions;
  readonly #underWay = new Map<string, Installation>();

  constructor(options: NodePackagesOptions) {
    this.#options = options;
  }

  /** The variables that lead to each package's folder. */
  variables(packages: readonly PackageSpec[]): (readonly [name: string, path: string])[] {
    return packages.flatMap(({ folder, variables }) =>
      variables.map((name) => [name, join(this.#options.root, APPLICATIONS, folder)] as const),
    );
  }

  /** Installs the packages that are not there yet, one after the other. @throws PackageFault of the first that cannot be had; the signal's reason */
  async install(packages: readonly PackageSpec[], signal: AbortSignal): Promise<void> {
    for (const wanted of packages) {
      signal.throwIfAborted();
      if (wanted.problem !== undefined) throw new PackageFault(wanted.reference, wanted.problem);
      if (!isFolderName(wanted.folder)) throw new PackageFault(wanted.reference, "Its name is no folder's.");
      await this.#share(wanted, signal);
    }
  }

  /** What an agent that has died has left half done. */
  async clear(): Promise<void> {
    await removeTree(this.#options.stage);
  }

  /** Fetches a package once for all runs that want it meanwhile; gives up when none waits any more. */
  async #share(wanted: PackageSpec, signal: AbortSignal): Promise<void> {
    const { folder } = wanted;
    let installation = this.#underWay.get(folder);
    if (!installation || installation.stop.signal.aborted) {
      const stop = new AbortController();
      const done = this.#installOne(wanted, stop.signal).finally(() => {
        if (this.#underWay.get(folder)?.stop === stop) this.#underWay.delete(folder);
      });
      installation = { done, stop, waiting: 0 };
      this.#underWay.set(folder, installation);
    }
    installation.waiting++;
    let leave = () => {};
    const gone = new Promise<void>((resolve) => {
      leave = resolve;
    });
    signal.addEventListener("abort", leave);
    try {
      await Promise.race([installation.done, gone]);
    } finally {
      signal.removeEventListener("abort", leave);
      if (--installation.waiting === 0 && signal.aborted) {
        installation.stop.abort();
        // Nothing of it is to write any more when the node goes.
        await installation.done.catch(() => {});
      }
    }
    signal.throwIfAborted();
  }

  async #installOne(wanted: PackageSpec, signal: AbortSignal): Promise<void> {
    try {
      const { root } = this.#options;
      const applications = await openFolder(root, [APPLICATIONS]);
      try {
        const place = entryPath(applications, Buffer.from(wanted.folder));
        const known = await lstat(place).catch(() => undefined);
        if (known?.isDirectory()) return;
        await this.#fetch(wanted, place, signal);
      } finally {
        await applications.close();
      }
    } catch (error) {
      signal.throwIfAborted();
      throw new PackageFault(wanted.reference, reasonOf(error));
    }
  }

  async #fetch({ url, identity, reference }: PackageSpec, place: Buffer, signal: AbortSignal): Promise<void> {
    const { stage, owner, network } = this.#options;
    const folder = join(stage, randomBytes(8).toString("hex"));
    await mkdir(folder, { recursive: true });
    try {
      const archive = await namelessFile(`${folder}.zip`);
      try {
        await download({ url: new URL(url), identity, name: reference }, archive, network(), signal);
        await unpack(archive, { folder, owner, signal });
      } finally {
        await archive.close();
      }
      if (owner !== undefined) await chown(folder, owner, owner);
      await rename(folder, place).catch((error: NodeJS.ErrnoException) => {
        // One that was given up in the very moment in which it was done: the same, and as whole.
        if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
      });
    } finally {
      await removeTree(folder);
    }
  }
}

/** It is gone with its last handle, also when the agent dies. */
async function namelessFile(path: string): Promise<FileHandle> {
  const { O_RDWR, O_CREAT, O_EXCL } = constants;
  const file = await open(path, O_RDWR | O_CREAT | O_EXCL, 0o600);
  await unlink(path);
  return file;
}

function reasonOf(error: unknown): string {
  if (error instanceof ArchiveProblem) return error.message;
  if (error instanceof TransferFault) return `${error.code}: ${error.message}`;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") return "DiskFull: The node's disk is full";
  // Without the path, which is the agent's own.
  return message.replace(/, \w+ '.*$/s, "");
}

function isFolderName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !/[/\0]/.test(name);
}
