/**
 * Removes a folder with all that is in it, whatever a task has made of it: paths longer than the system takes, millions of files,
 * folders that nobody may enter. Nothing is ever deeper than one step below the folder: what is, is moved up first. No link is
 * followed, and no path but through open folders.
 */
import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { chmod, type FileHandle, rename, rmdir, unlink } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { folderEntries } from "./folder-entries.ts";
import { entryPath, O_PATH, openFolderIn, throughHandle } from "./node-path.ts";
import { patientOpen } from "./patient-open.ts";

/** How often a process that still writes there may undo the removal. */
const PASSES = 100;
const REMEMBERED_MAX = 10_000;

/** @param path absolute; of a folder or of anything else; what is not there is removed already */
export async function removeTree(path: string): Promise<void> {
  const { O_RDONLY, O_DIRECTORY } = constants;
  const parent = await patientOpen(dirname(path), O_RDONLY | O_DIRECTORY).catch(ignoreMissing);
  if (!parent) return;
  try {
    await removeEntry(parent, Buffer.from(basename(path))).catch(ignoreMissing);
  } finally {
    await parent.close();
  }
}

/** An entry of an open folder, with all that is below it. */
export async function removeEntry(parent: FileHandle, name: Buffer): Promise<void> {
  if (await removeFile(parent, name)) return;
  const folder = await enter(parent, name);
  try {
    for (let pass = 1; ; pass++) {
      await empty(folder);
      const left = await rmdir(entryPath(parent, name)).catch((error: NodeJS.ErrnoException) => error);
      if (!left) return;
      if (left.code !== "ENOTEMPTY" || pass === PASSES) throw left;
    }
  } finally {
    await folder.close();
  }
}

async function empty(folder: FileHandle): Promise<void> {
  for await (const { name } of folderEntries(folder)) {
    // Those that have come up are below no other any more; where they are too many to be remembered, the next pass finds them.
    const waiting = [name];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      if (await isRemovedAtOnce(folder, next)) continue;
      const inner = await enter(folder, next);
      try {
        for await (const entry of folderEntries(inner)) {
          if (await isRemovedAtOnce(inner, entry.name)) continue;
          const moved = await moveUp(inner, entry.name, folder);
          if (waiting.length < REMEMBERED_MAX) waiting.push(moved);
        }
      } finally {
        await inner.close();
      }
      await rmdir(entryPath(folder, next)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOTEMPTY") throw error; // the next pass finds it again
      });
    }
  }
}

/** @returns its name there */
async function moveUp(from: FileHandle, name: Buffer, to: FileHandle): Promise<Buffer> {
  const moved = Buffer.from(`.${randomUUID()}`);
  const there = entryPath(to, moved);
  try {
    await rename(entryPath(from, name), there);
  } catch (error) {
    // A folder that may not be written to cannot be moved either: its entry ".." would change.
    if (!(await makeOwn(from, name))) throw error;
    await rename(entryPath(from, name), there);
  }
  return moved;
}

/** False for a folder that is not empty. */
async function isRemovedAtOnce(parent: FileHandle, name: Buffer): Promise<boolean> {
  return (await removeFile(parent, name)) || (await isRemovedEmpty(parent, name));
}

/** False for a folder. */
async function removeFile(parent: FileHandle, name: Buffer): Promise<boolean> {
  try {
    await unlink(entryPath(parent, name));
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return true;
    if (code === "EISDIR") return false;
    throw error;
  }
}

async function isRemovedEmpty(parent: FileHandle, name: Buffer): Promise<boolean> {
  try {
    await rmdir(entryPath(parent, name));
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return true;
    if (code === "ENOTEMPTY" || code === "EACCES") return false;
    throw error;
  }
}

/** A folder that its owner has closed is opened again. */
async function enter(parent: FileHandle, name: Buffer): Promise<FileHandle> {
  try {
    const folder = await openFolderIn(parent, name);
    // To be emptied it has to be written to as well; root does not ask.
    if (process.geteuid?.() !== 0 && ((await folder.stat()).mode & 0o700) !== 0o700)
      await chmod(throughHandle(folder), 0o700).catch(() => {});
    return folder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EACCES" || !(await makeOwn(parent, name))) throw error;
    return openFolderIn(parent, name);
  }
}

/** False where it belongs to somebody else. */
async function makeOwn(parent: FileHandle, name: Buffer): Promise<boolean> {
  const { O_DIRECTORY, O_NOFOLLOW } = constants;
  const folder = await patientOpen(entryPath(parent, name), O_PATH | O_DIRECTORY | O_NOFOLLOW);
  try {
    return await chmod(throughHandle(folder), 0o700).then(
      () => true,
      () => false,
    );
  } finally {
    await folder.close();
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
  return undefined;
}
