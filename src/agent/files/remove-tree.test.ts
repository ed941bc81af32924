import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { removeTree } from "./remove-tree.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "batchyard-remove-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As a task makes it: step by step, from inside. */
function dig(depth: number): void {
  const script = `for (1..${depth}) { mkdir "x"; open F, ">f"; mkdir "d" x 20; chdir "d" x 20 or die }`;
  execFileSync("perl", ["-e", script], { cwd: folder });
}

test("paths longer than the system takes are removed", async () => {
  mkdirSync(join(folder, "deep"));
  folder = join(folder, "deep");
  dig(250); // 5,250 characters
  const before = readdirSync("/proc/self/fd").length;
  await removeTree(folder);
  expect(existsSync(folder)).toBe(false);
  expect(readdirSync("/proc/self/fd").length).toBe(before);
  folder = join(folder, "..");
});

test("links go, and not what they lead to; folders that are closed are opened", async () => {
  const [kept, gone] = [join(folder, "kept"), join(folder, "gone")];
  mkdirSync(kept);
  writeFileSync(join(kept, "file"), "");
  mkdirSync(join(gone, "a/b/c/d"), { recursive: true });
  symlinkSync(kept, join(gone, "a/link"));
  symlinkSync("nowhere", join(gone, "a/b/dangling"));
  chmodSync(join(gone, "a/b/c"), 0);
  await removeTree(gone);
  expect(readdirSync(folder)).toEqual(["kept"]);
  expect(readdirSync(kept)).toEqual(["file"]);
  await removeTree(join(folder, "was never there"));
  await removeTree(join(kept, "file"));
  expect(readdirSync(kept)).toEqual([]);
});
