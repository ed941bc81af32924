/**
 * Microsoft's own live tests in Python, unmodified, against this service, with the stand-in for their recording library: each passes but for
 * those that the compatibility page lists. The ones for Node.js are run by hand (CONTRIBUTING.md).
 */
import { expect, test } from "vitest";
import { isBrought, runLiveSuite } from "../../tools/live-tests/live-run.ts";
import { liveDifferences, readLiveSuites } from "../../tools/live-tests/live-suites.ts";

const folder = process.env.BATCHYARD_LIVE_TESTS ?? "";
const suites = readLiveSuites().filter(({ id }) => !id.startsWith("node-"));

test.each(suites)("$name", { timeout: 400_000, concurrent: true, retry: 1 }, async (suite) => {
  if (folder === "" || !isBrought(suite, folder)) {
    console.warn(
      `SKIPPED: ${suite.id} is not here (tools/live-tests/bring DIR, then BATCHYARD_LIVE_TESTS=DIR)`,
    );
    return;
  }
  const outcomes = await runLiveSuite(suite, folder, () => {});
  expect(liveDifferences(suite, outcomes)).toEqual([]);
});
