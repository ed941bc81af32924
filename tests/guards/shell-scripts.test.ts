/** What no compiler reads: shell scripts can be parsed, and no file of the repository was left half merged. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");
// The checkout may belong to somebody else.
const listed = execFileSync("git", ["-c", "safe.directory=*", "ls-files"], { cwd: root, encoding: "utf8" });
const files = listed
  .trim()
  .split("\n")
  .filter((file) => existsSync(join(root, file)));
const textOf = (file: string) => readFileSync(join(root, file), "utf8");

test("every shell script can be parsed", () => {
  const scripts = files.filter((file) => /^#!.*\b(ba)?sh\b/.test(textOf(file).slice(0, 80)));
  expect(scripts).toContain(".ci/run");
  const wrong = scripts.flatMap((file) => {
    const shell = textOf(file).startsWith("#!/bin/sh") ? "sh" : "bash";
    const { status, stderr } = spawnSync(shell, ["-n", file], { cwd: root, encoding: "utf8" });
    return status === 0 ? [] : [stderr];
  });
  expect(wrong).toEqual([]);
});

test("no file holds the marks of a merge", () => {
  const marks = /^(<{7} |={7}$|>{7} )/m;
  expect(files.filter((file) => marks.test(textOf(file)))).toEqual([]);
});
