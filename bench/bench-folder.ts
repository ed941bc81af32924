/** Where the bench writes: a folder on a disk, for what must be durable, and one in memory, for what must not wait for a disk. */
import { mkdtemp, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** statfs(2) */
const TMPFS_MAGIC = 0x01021994;

export interface BenchFolder {
  readonly path: string;
  /** Undefined where no tmpfs is mounted at a usual place. */
  readonly memoryFolder: string | undefined;
  remove(): Promise<void>;
}

/** @param wanted instead of the system's folder for temporary files */
export async function openBenchFolder(wanted: string | undefined): Promise<BenchFolder> {
  const parents = wanted === undefined ? [tmpdir(), "/var/tmp"] : [wanted];
  const disk = await firstThat(parents, async (folder) => !(await isTmpfs(folder)));
  if (disk === undefined) {
    throw new Error(
      `${parents.join(" and ")}: in memory, not on a disk; name a folder that is: --folder DIR`,
    );
  }
  const path = await mkdtemp(join(disk, "batchyard-bench-"));
  return {
    path,
    memoryFolder: await firstThat([tmpdir(), "/dev/shm"], isTmpfs),
    remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  };
}

async function firstThat(
  folders: readonly string[],
  fits: (folder: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (const folder of folders) if (await fits(folder)) return folder;
  return undefined;
}

async function isTmpfs(folder: string): Promise<boolean> {
  return (await statfs(folder)).type === TMPFS_MAGIC;
}
