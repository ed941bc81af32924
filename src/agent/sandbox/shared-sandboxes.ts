/**
 * What the agents of one service on one machine need not each find out and make: that nodes can have sandboxes and roots of their own here, and what all
 * roots have below them. The first one does it, and those that come later find it in a folder that only their user enters.
 *
 * A base is never changed, for nodes of any agent may stand on it: it is named after what it was made from. The service's driver removes the folder
 * when none of its agents lives.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeRootBase, type RootBaseOptions } from "./root-base.ts";
import { DATABASES } from "./root-view.ts";

export class SharedSandboxes {
  readonly #folder: string;

  /** @param folder made when missing */
  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** @returns where it lies. @throws Error where there can be none */
  async base(options: RootBaseOptions): Promise<string> {
    const base = join(this.#folder, `base-${await versionOf(options)}`);
    if (await isThere(base)) return base;
    const unfinished = `${base}.${process.pid}`;
    try {
      await makeRootBase(unfinished, options);
      await rename(unfinished, base);
    } catch (error) {
      // Another agent has been quicker.
      if (!(await isThere(base))) throw error;
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
    return base;
  }

  /** Whether an agent has had a node of this kind since the machine started. @param kind with all that it depends on */
  async isTried(kind: readonly string[]): Promise<boolean> {
    return isThere(this.#trial(kind));
  }

  /** Only what can be: what cannot may be mended any time. */
  async tried(kind: readonly string[]): Promise<void> {
    await writeFile(this.#trial(kind), "", { mode: 0o600 });
  }

  #trial(kind: readonly string[]): string {
    return join(this.#folder, `tried-${hash([bootId(), String(process.geteuid?.()), ...kind])}`);
  }
}

/** Changes with the machine's configuration, as far as its topmost folder tells, and with the service's certificates. */
async function versionOf(options: RootBaseOptions): Promise<string> {
  const { caFile, bundleFile, trustFiles, hidden, owners } = options;
  const { mtimeMs } = await stat("/etc");
  const certificates = [caFile, bundleFile].map((file) =>
    file === undefined ? "" : readFileSync(file, "utf8"),
  );
  // Whoever has a copy of the packages' database has to have the newest.
  const databases = owners
    ? DATABASES.map((path) => String(modified(`${path}/status`) ?? modified(path)))
    : [];
  const own = JSON.stringify(owners ?? null);
  return hash([
    String(mtimeMs),
    ...certificates,
    trustFiles.join("\0"),
    hidden.join("\0"),
    own,
    ...databases,
  ]);
}

function modified(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8");
}

function hash(texts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(texts)).digest("hex").slice(0, 16);
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
