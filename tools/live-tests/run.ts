/**
 * node tools/live-tests/run.ts DIR [SUITE...]: runs Microsoft's live tests that `bring` put into DIR, and says what is otherwise than
 * suites.json has it. Exit code 1 where something is.
 */

import { isBrought, runLiveSuite } from "./live-run.ts";
import { liveDifferences, notPassedCount, readLiveSuites } from "./live-suites.ts";

const [folder, ...wanted] = process.argv.slice(2);
if (folder === undefined) {
  console.error("usage: node tools/live-tests/run.ts DIR [SUITE...]");
  process.exit(2);
}
for (const suite of readLiveSuites()) {
  if (wanted.length > 0 && !wanted.includes(suite.id)) continue;
  if (!isBrought(suite, folder)) {
    console.log(`${suite.id}: not in ${folder} (tools/live-tests/bring)`);
    continue;
  }
  const outcomes = await runLiveSuite(
    suite,
    folder,
    (text) => process.env.LIVE_VERBOSE && process.stderr.write(text),
  );
  const passed = outcomes.filter(({ outcome }) => outcome === "passed").length;
  const differences = liveDifferences(suite, outcomes);
  console.log(
    `${suite.id}: ${passed} of ${outcomes.length} passed, ${suite.tests - notPassedCount(suite)} were awaited`,
  );
  for (const difference of differences) console.log(`  ${difference.replaceAll("\n", "\n    ")}`);
  if (differences.length > 0) process.exitCode = 1;
}
