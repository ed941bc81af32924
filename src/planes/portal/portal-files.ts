/**
 * The portal as it was built: a folder of files with hashed names, each beside its compressed forms. Read once, kept in memory; a name
 * that the folder did not hold then is no file, so no path leads out of it.
 */
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";

export interface PortalFile {
  readonly type: string;
  /** Whether its name changes whenever its content does. */
  readonly isHashed: boolean;
  readonly plain: Buffer;
  readonly br: Buffer | undefined;
  readonly gzip: Buffer | undefined;
}

/** By path below the portal's own, e.g. `assets/main-1a2b3c4d.js`. */
export type PortalFiles = ReadonlyMap<string, PortalFile>;

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** @returns undefined where nothing was built there */
export async function readPortalFiles(folder: string): Promise<PortalFiles | undefined> {
  const names = await filesOf(folder);
  if (!names.has("index.html")) return undefined;
  const read = async (name: string) => (names.has(name) ? readFile(join(folder, name)) : undefined);
  const files = new Map<string, PortalFile>();
  for (const name of names) {
    const type = TYPES[extname(name)];
    const plain = await read(name);
    if (type === undefined || plain === undefined) continue;
    const [br, gzip] = [await read(`${name}.br`), await read(`${name}.gz`)];
    files.set(name, { type, isHashed: name.startsWith("assets/"), plain, br, gzip });
  }
  return files;
}

async function filesOf(folder: string): Promise<ReadonlySet<string>> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return new Set(files.map((file) => join(file.parentPath, file.name).slice(folder.length + 1)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Set();
    throw error;
  }
}
