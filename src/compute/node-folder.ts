/** Removes what a node has left behind whose agent could not do it any more. */
import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const REMOVE_PROGRAM = fileURLToPath(new URL(`../agent/remove${extname(import.meta.url)}`, import.meta.url));

/** What agents keep beside a node's folder. */
const BESIDE = ["certificates", "packages", "logins", "mounts", "root", "journal", "volume", "disk"];

export interface NodeFolderRemoval {
  readonly nodesFolder: string;
  readonly nodeKey: string;
  /** Where agents keep a compiled init. */
  readonly cacheFolder: string;
  /** The Node.js that runs the program which can remove what belongs to ids that only agents have. */
  readonly execPath: string;
}

export async function removeNodeFolder(removal: NodeFolderRemoval): Promise<void> {
  const { nodesFolder, nodeKey, cacheFolder, execPath } = removal;
  if (nodeKey === "" || basename(nodeKey) !== nodeKey || nodeKey.startsWith(".")) return;
  const folder = join(nodesFolder, nodeKey);
  const folders = [folder, ...BESIDE.map((name) => `${folder}.${name}`)];
  try {
    for (const path of folders) await rm(path, { recursive: true, force: true });
  } catch (error) {
    if (!["EACCES", "EPERM", "ENAMETOOLONG"].includes((error as NodeJS.ErrnoException).code ?? ""))
      throw error;
    await removeAsAgent({ folders, cacheFolder, execPath });
  }
}

/** What belongs to ids that only agents have. */
export async function removeAsAgent({
  folders,
  cacheFolder,
  execPath,
}: Omit<NodeFolderRemoval, "nodesFolder" | "nodeKey"> & {
  readonly folders: readonly string[];
}): Promise<void> {
  await promisify(execFile)(execPath, [REMOVE_PROGRAM, ...folders, "--cache", cacheFolder]);
}
