/**
 * Makes and opens folders and files below a node's root without following a link: tasks write there, perhaps at this
 * moment, and an agent that runs as root must not be led elsewhere. Each step goes through the handle of the one before.
 */
import { constants } from "node:fs";
import { type FileHandle, mkdir, unlink } from "node:fs/promises";
import { TransferFault } from "../../core/transfer/transfer-fault.ts";
import { entryPath, openFolderIn } from "../files/node-path.ts";
import { patientOpen } from "../files/patient-open.ts";

/** Like the folders that a node's init makes. */
const FOLDER_MODE = 0o755;

export interface NodeFolderOptions {
  /** Absolute, without symbolic links. */
  readonly root: string;
  /** The user id that new folders and files belong to; undefined for the agent's own user. */
  readonly owner: number | undefined;
  /** The group id, where it has another number than the owner. */
  readonly group?: number | undefined;
}

/**
 * The folder below the root, made where it is missing. The caller closes it.
 * @throws TransferFault `ResourceDirectoryCreateFailed`, also where a link or a file is in the way
 */
export async function makeFolder(
  { root, owner, group = owner }: NodeFolderOptions,
  names: readonly string[],
): Promise<FileHandle> {
  let folder = await patientOpen(root, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    for (const name of names) {
      const next = await makeFolderIn(folder, Buffer.from(name), owner, group);
      await folder.close();
      folder = next;
    }
    return folder;
  } catch (error) {
    await folder.close();
    throw folderFault(names.join("/"), error);
  }
}

/** A folder that is there already. Throws what the system says where it is not, or where a link stands. */
export async function openFolder(root: string, names: readonly string[]): Promise<FileHandle> {
  let folder = await patientOpen(root, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    for (const name of names) {
      const next = await openFolderIn(folder, Buffer.from(name));
      await folder.close();
      folder = next;
    }
    return folder;
  } catch (error) {
    await folder.close();
    throw error;
  }
}

async function makeFolderIn(
  parent: FileHandle,
  name: Buffer,
  owner: number | undefined,
  group: number | undefined,
): Promise<FileHandle> {
  const folder = await openFolderIn(parent, name).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    await mkdir(entryPath(parent, name), FOLDER_MODE).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error; // another task of the job was faster
    });
    return openFolderIn(parent, name);
  });
  try {
    // Also one that an agent made which died before it could give it away: no task can make a folder of the agent's.
    if (owner !== undefined && (await folder.stat()).uid === process.geteuid?.())
      await folder.chown(owner, group ?? owner);
    return folder;
  } catch (error) {
    await folder.close();
    throw error;
  }
}

/**
 * A new and empty file, in place of whatever had the name. Only the agent may read it until it is finished.
 * @throws TransferFault `ResourceFileCreateFailed`
 */
export async function createFile(folder: FileHandle, name: string): Promise<FileHandle> {
  const path = entryPath(folder, Buffer.from(name));
  try {
    await unlink(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
    return await patientOpen(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  } catch (error) {
    throw diskFault(error) ?? new TransferFault("ResourceFileCreateFailed", `${name}: ${messageOf(error)}`);
  }
}

/** A write that failed, as a fault of the task's. */
export function writeFault(name: string, error: unknown): TransferFault {
  return diskFault(error) ?? new TransferFault("ResourceFileWriteFailed", `${name}: ${messageOf(error)}`);
}

function folderFault(path: string, error: unknown): TransferFault {
  return (
    diskFault(error) ?? new TransferFault("ResourceDirectoryCreateFailed", `${path}: ${messageOf(error)}`)
  );
}

function diskFault(error: unknown): TransferFault | undefined {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOSPC" || code === "EDQUOT"
    ? new TransferFault("DiskFull", "The node's disk is full")
    : undefined;
}

/** Without the path, which names the agent's descriptors. */
function messageOf(error: unknown): string {
  return ((error as Error).message ?? String(error)).replace(/, \w+ '.*$/s, "");
}
