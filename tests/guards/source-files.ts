/** What the guards look at: the files git tracks or would track, and their import specifiers. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

export const repository = join(import.meta.dirname, "../..");

/** Repository-relative, `/`-separated; ignored files left out. */
export const trackedFiles: readonly string[] = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate"],
  { cwd: repository, encoding: "utf8" },
)
  .split("\n")
  .filter((file) => file !== "");

export const sourceFiles: readonly string[] = trackedFiles.filter((file) => /^src\/.*\.ts$/.test(file));

export const isTest = (file: string): boolean => /\.(test|fixture)\.ts$/.test(file);

export function contentOf(file: string): string {
  try {
    return readFileSync(join(repository, file), "utf8");
  } catch (error) {
    // Deleted in the work tree, still in the index.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

const SPECIFIER =
  /^\s*(?:import|export)\s[^"'`;]*?from\s*["']([^"']+)["']|^\s*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm;

/** Package and `node:` specifiers as they stand; relative ones as repository-relative paths. */
export function importsOf(file: string): string[] {
  return [...contentOf(file).matchAll(SPECIFIER)].map(([, from, bare, dynamic]) => {
    const specifier = from ?? bare ?? dynamic ?? "";
    return specifier.startsWith(".") ? normalize(join(dirname(file), specifier)) : specifier;
  });
}
