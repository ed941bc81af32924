/**
 * Where the API descriptions lie: the folder named by `--specs DIR` or by `BATCHYARD_SPECS`. They are no part of the
 * repository, so a generator without them says so and leaves the committed files alone.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** @returns null when no folder is given. */
export function specsFolder(argv: readonly string[]): string | null {
  const at = argv.indexOf("--specs");
  return (at >= 0 ? argv[at + 1] : process.env.BATCHYARD_SPECS) || null;
}

export function readJson<T>(folder: string, path: string): T {
  return JSON.parse(readFileSync(join(folder, path), "utf8")) as T;
}
