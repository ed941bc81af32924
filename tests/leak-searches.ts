/** Around a whole run of tests: adds up what was searched for secrets in the clear, says so at the end, and fails the run when any was found. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LeakSearch } from "./wire/leak-search.fixture.ts";

export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "leak-searches-"));
  const file = join(folder, "searches.jsonl");
  // The tests' processes inherit it.
  process.env.BATCHYARD_LEAK_SEARCHES = file;
  return () => {
    const searches = readSearches(file);
    rmSync(folder, { recursive: true });
    const leaking = searches.filter(({ leaks }) => leaks.length > 0);
    if (searches.length > 0) console.log(summary(searches));
    if (leaking.length > 0)
      throw new Error(`secrets in the clear:\n${leaking.map((one) => JSON.stringify(one)).join("\n")}`);
  };
}

function readSearches(file: string): LeakSearch[] {
  try {
    const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
    return lines.map((line) => JSON.parse(line) as LeakSearch);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function summary(searches: readonly LeakSearch[]): string {
  const sum = (of: (search: LeakSearch) => number) => searches.reduce((all, one) => all + of(one), 0);
  const folders = searches.filter(({ folder }) => folder !== undefined).length;
  const leaks = sum((one) => one.leaks.length);
  const mebibytes = (sum((one) => one.bytes) / 2 ** 20).toFixed(0);
  return `Secrets in the clear: ${leaks} in ${folders} data folders and ${searches.length} logs (${mebibytes} MiB, ${(sum((one) => one.milliseconds) / 1000).toFixed(1)} s)`;
}
