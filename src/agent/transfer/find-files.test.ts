import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { filePattern } from "../../core/transfer/file-pattern.ts";
import { removeTree } from "../files/remove-tree.ts";
import { findFiles } from "./find-files.ts";

let root: string;

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "batchyard-find-")));
  for (const file of [
    "wd/a.txt",
    "wd/b.log",
    "wd/s/a.txt",
    "wd/s/t/a.txt",
    "wd/s/t/c",
    "wd/.h/a.txt",
    "std.txt",
  ]) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    writeFileSync(join(root, file), "");
  }
  symlinkSync("/etc", join(root, "wd/etc"));
  symlinkSync("/etc/passwd", join(root, "wd/passwd.txt"));
  mkdirSync(join(root, `wd/deep${"/d".repeat(150)}`), { recursive: true });
  writeFileSync(join(root, `wd/deep${"/d".repeat(90)}/near`), "");
  writeFileSync(join(root, `wd/deep${"/d".repeat(150)}/far`), "");
});
afterAll(() => removeTree(root));

async function found(text: string): Promise<string[]> {
  const pattern = filePattern(text, { root, workingFolder: ["wd"], environment: new Map() });
  if (!pattern) throw new Error("it leads out");
  const names: string[] = [];
  for await (const path of findFiles(root, pattern)) names.push(path.join("/"));
  return names.sort();
}

test.each([
  ["*.txt", ["a.txt"]],
  ["**/*.txt", ["a.txt", "s/a.txt", "s/t/a.txt"]],
  ["**/a.txt", ["a.txt", "s/a.txt", "s/t/a.txt"]],
  ["**/t/**", ["s/t/a.txt", "s/t/c"]],
  ["**/s/**/a*", ["s/a.txt", "s/t/a.txt"]],
  ["s/*/a.txt", ["t/a.txt"]],
  ["*/a.txt", ["s/a.txt"]],
  ["../*.txt", ["std.txt"]],
  ["../std.txt", ["std.txt"]],
  ["nowhere/**", []],
  ["etc/**", []],
] as const)("%s finds each file once, and follows no link", async (pattern, names) => {
  expect(await found(pattern)).toEqual(names);
});

test("what lies deeper than anybody needs is not found, and nothing else suffers", async () => {
  const deep = await found("deep/**/*");
  expect(deep).toEqual([`${"d/".repeat(90)}near`]);
});
