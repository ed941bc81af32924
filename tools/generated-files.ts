/**
 * Writes generated files, or with `--check` compares them with what is committed. Owns the exit codes: 0 written, fresh or
 * skipped, 1 stale.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Repository-relative path to content. */
export type GeneratedFiles = ReadonlyMap<string, string>;

const repository = join(import.meta.dirname, "..");

export function deliver(generator: string, files: GeneratedFiles, argv: readonly string[]): void {
  const check = argv.includes("--check");
  const stale: string[] = [];
  for (const [path, content] of files) {
    const file = join(repository, path);
    if (existsSync(file) && readFileSync(file, "utf8") === content) continue;
    stale.push(path);
    if (check) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  if (check && stale.length > 0) {
    console.error(`${generator}: stale, run it again without --check: ${stale.join(", ")}`);
    process.exitCode = 1;
    return;
  }
  console.log(`${generator}: ${stale.length === 0 ? "fresh" : `wrote ${stale.join(", ")}`}`);
}

export function skipped(generator: string): void {
  console.log(`${generator}: skipped, no folder of API descriptions (--specs DIR or BATCHYARD_SPECS)`);
}
