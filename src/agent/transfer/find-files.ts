/**
 * Finds the files that a pattern names, below a node's root. Links are neither followed nor found: a task could make them
 * lead to files that only the agent may read.
 */
import { constants, type Dirent } from "node:fs";
import { type FileHandle, open, readdir } from "node:fs/promises";
import type { FilePattern } from "../../core/transfer/file-pattern.ts";
import { entryPath, throughHandle } from "../files/node-path.ts";
import { openFolder } from "./node-folders.ts";

/** Names from the pattern's base; each file once, in the order of names. */
export async function findFiles(root: string, { base, steps }: FilePattern): Promise<string[][]> {
  const found = new Map<string, string[]>();
  const seen = new Set<string>();
  const look = async (names: string[], step: number): Promise<void> => {
    const here = `${step}/${names.join("/")}`;
    if (seen.has(here)) return;
    seen.add(here);
    const pattern = steps[step];
    if (pattern === undefined) return;
    const entries = await entriesOf(root, [...base, ...names]);
    if (pattern === "**") await look(names, step + 1);
    for (const entry of entries) {
      const path = [...names, entry.name];
      if (pattern === "**") {
        if (entry.isDirectory() && !entry.name.startsWith(".")) await look(path, step);
      } else if (pattern(entry.name)) {
        if (step < steps.length - 1) {
          if (entry.isDirectory()) await look(path, step + 1);
        } else if (entry.isFile()) found.set(path.join("/"), path);
      }
    }
  };
  await look([], 0);
  return [...found.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, names]) => names);
}

/** A folder that is not there, or behind a link, has none. */
async function entriesOf(root: string, names: readonly string[]): Promise<Dirent[]> {
  let folder: FileHandle;
  try {
    folder = await openFolder(root, names);
  } catch {
    return [];
  }
  try {
    return await readdir(throughHandle(folder), { withFileTypes: true });
  } finally {
    await folder.close();
  }
}

/** Opens a regular file for reading. Throws for what has become anything else. */
export async function openFile(root: string, names: readonly string[]): Promise<FileHandle> {
  const folder = await openFolder(root, names.slice(0, -1));
  try {
    const path = entryPath(folder, Buffer.from(names.at(-1) ?? ""));
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw new Error("It is no regular file.");
  } finally {
    await folder.close();
  }
}
