/**
 * Finds the files that a pattern names, below a node's root. Links are neither followed nor found: a task could make them
 * lead to files that only the agent may read.
 */
import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import type { FilePattern } from "../../core/transfer/file-pattern.ts";
import { folderEntries } from "../files/folder-entries.ts";
import { entryPath, openFolderIn } from "../files/node-path.ts";
import { patientOpen } from "../files/patient-open.ts";
import { openFolder } from "./node-folders.ts";

/** Folders below the pattern's base; what lies deeper is not found. Each holds a descriptor while it is searched. */
const DEPTH_MAX = 100;

/** Names from the pattern's base, each file once, as they are found: a task may leave any number of them. */
export async function* findFiles(root: string, { base, steps }: FilePattern): AsyncGenerator<string[]> {
  if (steps.length === 0) return;
  let folder: FileHandle;
  try {
    folder = await openFolder(root, base);
  } catch {
    return; // a folder that is not there, or behind a link, has no files
  }
  try {
    yield* search(folder, [], steps, passedBy(new Set([0]), steps));
  } finally {
    await folder.close();
  }
}

/** @param at the steps of the pattern that the folder's entries may be the next of */
async function* search(
  folder: FileHandle,
  names: readonly string[],
  steps: FilePattern["steps"],
  at: ReadonlySet<number>,
): AsyncGenerator<string[]> {
  for await (const entry of folderEntries(folder)) {
    const name = entry.name.toString();
    const path = [...names, name];
    if (entry.isDirectory()) {
      const below = passedBy(stepsBelow(name, steps, at), steps);
      if (below.size === 0 || path.length > DEPTH_MAX) continue;
      const inner = await openFolderIn(folder, entry.name).catch(() => undefined); // it has become something else
      if (!inner) continue;
      try {
        yield* search(inner, path, steps, below);
      } finally {
        await inner.close();
      }
    } else if (entry.isFile() && isMatch(name, steps, at)) yield path;
  }
}

/** With those that come after a `**`, which may stand for no folder at all. */
function passedBy(at: ReadonlySet<number>, steps: FilePattern["steps"]): ReadonlySet<number> {
  const all = new Set(at);
  for (const step of all) if (steps[step] === "**") all.add(step + 1);
  return all;
}

function stepsBelow(name: string, steps: FilePattern["steps"], at: ReadonlySet<number>): Set<number> {
  const below = new Set<number>();
  for (const step of at) {
    const pattern = steps[step];
    if (pattern === "**") {
      if (!name.startsWith(".")) below.add(step);
    } else if (step < steps.length - 1 && pattern?.(name)) below.add(step + 1);
  }
  return below;
}

function isMatch(name: string, steps: FilePattern["steps"], at: ReadonlySet<number>): boolean {
  const pattern = steps.at(-1);
  return at.has(steps.length - 1) && pattern !== undefined && pattern !== "**" && pattern(name);
}

/** Opens a regular file for reading. Throws for what has become anything else. */
export async function openFile(root: string, names: readonly string[]): Promise<FileHandle> {
  const folder = await openFolder(root, names.slice(0, -1));
  try {
    const path = entryPath(folder, Buffer.from(names.at(-1) ?? ""));
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    const file = await patientOpen(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw new Error("It is no regular file.");
  } finally {
    await folder.close();
  }
}
