import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { removeTree } from "../files/remove-tree.ts";

let root: string;
beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), "batchyard-logins-")), "1");
});
afterEach(() => removeTree(join(root, "..")));

/** In a process that may open few files, as an agent with many nodes may open few more. */
function inFewDescriptors(program: string) {
  const script = `const { LoginFolder } = await import(${JSON.stringify(import.meta.resolve("./login-folder.ts"))});
    const folder = new LoginFolder(${JSON.stringify(root)});
    ${program}`;
  const words = [
    "-c",
    'ulimit -n 200; exec "$@"',
    "sh",
    process.execPath,
    "--input-type=module",
    "-e",
    script,
  ];
  return spawnSync("sh", words, { encoding: "utf8" });
}

test.each([
  ["homes", "its node goes", "await folder.remove();"],
  ["logs", "its node starts anew", "await folder.make(process.geteuid());"],
])("folders of logins deeper than an agent has descriptors go: %s, when %s", (name, _, program) => {
  const deep = join(`${root}.logins`, name, "deep");
  mkdirSync(deep, { recursive: true });
  execFileSync("perl", ["-e", 'for (1..500) { mkdir "d"; chdir "d" or die }'], { cwd: deep });
  expect(inFewDescriptors(program)).toMatchObject({ status: 0, stderr: "" });
  expect(existsSync(deep)).toBe(false);
});
