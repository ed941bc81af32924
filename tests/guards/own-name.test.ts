/** Nobody is told to type what could fetch a stranger's package: this one's name is not ours in a public registry. */
import { expect, test } from "vitest";
import { contentOf, trackedFiles } from "./source-files.ts";

const FETCHES = /\b(?:npx|bunx|pnpm dlx|yarn dlx|npm (?:exec|x))\s+(?:--?y\S*\s+)?batchyard\b/;

test("no file names the package to a program that would fetch it", () => {
  const told = trackedFiles.filter(
    (file) => /\.(md|ts|py|sh|json|js)$/.test(file) && FETCHES.test(contentOf(file)),
  );
  expect(told).toEqual([]);
});
