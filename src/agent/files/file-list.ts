/**
 * Lists a folder in the byte order of whole relative paths, so that a page can go on after any name. That order is not
 * the order of a walk: `a-b` comes between `a` and `a/b`. Each folder is read once and whole, one at a time.
 */
import { type FileHandle, lstat, readdir } from "node:fs/promises";
import type { FileProperties } from "../../wire/agent/messages.ts";
import { entryPath, fileProperties, openBelow, openFolderIn, throughHandle } from "./node-path.ts";

export interface ListRequest {
  readonly root: string;
  readonly path: string;
  readonly recursive: boolean;
  /** Only names after this one. */
  readonly after?: string;
  readonly limit: number;
}

export async function listFiles(request: ListRequest): Promise<{ entries: FileProperties[]; more: boolean }> {
  const entries: FileProperties[] = [];
  const folder = await openBelow(request.root, request.path);
  try {
    const after = request.after === undefined ? undefined : byteOrder(request.after);
    for await (const entry of walk(folder, "", { ...request, after })) {
      if (entries.length === request.limit) return { entries, more: true };
      entries.push(entry);
    }
    return { entries, more: false };
  } finally {
    await folder.close();
  }
}

interface Walk {
  readonly root: string;
  readonly path: string;
  readonly recursive: boolean;
  readonly after: string | undefined;
}

async function* walk(folder: FileHandle, prefix: string, request: Walk): AsyncGenerator<FileProperties> {
  const names = await readdir(throughHandle(folder), { encoding: "buffer", withFileTypes: true });
  // Two places for a folder: its own name, and with a slash the names below it.
  const places = names.flatMap((entry) => {
    const place = { entry, key: prefix + entry.name.toString("latin1"), below: false };
    if (!request.recursive || !entry.isDirectory()) return [place];
    return [place, { ...place, key: `${place.key}/`, below: true }];
  });
  places.sort((a, b) => (a.key < b.key ? -1 : 1));

  for (const { entry, key, below } of places) {
    if (request.after !== undefined && key <= request.after && !(below && request.after.startsWith(key)))
      continue;
    if (below) yield* walkBelow(folder, entry.name, key, request);
    else {
      const properties = await entryProperties(folder, entry.name, key, entry.isSymbolicLink(), request);
      if (properties) yield properties;
    }
  }
}

async function* walkBelow(
  folder: FileHandle,
  name: Buffer,
  prefix: string,
  request: Walk,
): AsyncGenerator<FileProperties> {
  const inner = await openFolderIn(folder, name).catch(() => undefined); // removed or replaced since
  if (!inner) return;
  try {
    yield* walk(inner, prefix, request);
  } finally {
    await inner.close();
  }
}

/** Undefined for what has gone since, and for links that lead nowhere or out of the node. Links are shown as what they lead to. */
async function entryProperties(
  folder: FileHandle,
  name: Buffer,
  key: string,
  isLink: boolean,
  { root, path }: Walk,
): Promise<FileProperties | undefined> {
  const relative = Buffer.from(key, "latin1").toString();
  try {
    if (!isLink) return fileProperties(relative, await lstat(entryPath(folder, name)));
    const target = await openBelow(root, `${path}/${relative}`.replace(/^\//, ""));
    try {
      return fileProperties(relative, await target.stat());
    } finally {
      await target.close();
    }
  } catch {
    return undefined;
  }
}

/** A string whose `<` is the byte order of the UTF-8 text. */
function byteOrder(text: string): string {
  return Buffer.from(text).toString("latin1");
}
