/**
 * What others have filled is removed by descent through open folders (`agent/files/remove-tree`): a removal by path ends where a path is too long,
 * or takes a descriptor for each level.
 */
import { expect, test } from "vitest";
import { contentOf, isTest, sourceFiles } from "./source-files.ts";

/** Whose folders hold nothing but what the program itself has put there. */
const OWN = new Set([
  "src/agent/hosted-keys.ts",
  "src/agent/images/image-claims.ts",
  "src/agent/journal/node-journal.ts",
  "src/agent/node-certificates.ts",
  "src/agent/probe.ts",
  "src/agent/sandbox/root-base.ts",
  "src/agent/sandbox/shared-sandboxes.ts",
  // Of a trial.
  "src/agent/disk/node-volume.ts",
]);

const BY_PATH = /\brm(?:Sync)?\([^;]{0,200}recursive: true/;

test("no agent removes by path what others have filled", () => {
  const found = sourceFiles.filter(
    (file) => file.startsWith("src/agent/") && !isTest(file) && BY_PATH.test(contentOf(file)),
  );
  expect(found.filter((file) => !OWN.has(file))).toEqual([]);
  expect([...OWN].filter((file) => !found.includes(file))).toEqual([]);
});
