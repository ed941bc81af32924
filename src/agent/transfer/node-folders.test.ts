import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFolder } from "./node-folders.ts";

const isRoot = process.geteuid?.() === 0;
if (!isRoot) console.warn("skipped: folders can be given away by root only");

const TASK = 1_000_001_000;
const ADMINISTRATOR = 1_000_000_000;
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "batchyard-folders-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const ownerOf = (...names: string[]) => statSync(join(root, ...names)).uid;

test.skipIf(!isRoot)(
  "what an agent made and did not live to give away is given away by the next",
  async () => {
    mkdirSync(join(root, "job/task/wd"), { recursive: true });
    await (await makeFolder({ root, owner: TASK }, ["job", "task", "wd"])).close();
    expect([ownerOf("job"), ownerOf("job", "task"), ownerOf("job", "task", "wd")]).toEqual([
      TASK,
      TASK,
      TASK,
    ]);
  },
);

test.skipIf(!isRoot)("a folder of anybody else's stays theirs", async () => {
  await (await makeFolder({ root, owner: ADMINISTRATOR }, ["job"])).close();
  await (await makeFolder({ root, owner: TASK }, ["job", "task"])).close();
  expect([ownerOf("job"), ownerOf("job", "task")]).toEqual([ADMINISTRATOR, TASK]);
});
