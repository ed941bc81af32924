/** The pieces of which a node's view is put together, and how a folder is shown that has something in it to hide. Mounts nothing. */
import { lstatSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** As native/sandbox/view.c takes them. */
export type Piece = readonly [verb: string, source: string, target: string];

/** A folder, or, when something in it must stay hidden, all of its entries but that. */
export function withoutHidden(path: string, hidden: readonly string[], verb = "ro"): Piece[] {
  if (hidden.includes(path)) return [];
  if (!hidden.some((inner) => inner.startsWith(`${path}/`))) return [[verb, path, path]];
  return readdirSync(path).flatMap((name): Piece[] => {
    const entry = join(path, name);
    const stats = lstatSync(entry);
    if (stats.isSymbolicLink()) return [["link", readlinkSync(entry), entry]];
    return stats.isDirectory() || stats.isFile() ? withoutHidden(entry, hidden, verb) : [];
  });
}
