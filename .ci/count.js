// For .ci/run: adds up the reports of the named runs. A run without a report, or that fails beside its tests, counts as one failure.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [folder, ...names] = process.argv.slice(2);
const sum = { passed: 0, failed: 0, skipped: 0 };
for (const name of names) {
  let failed = 0;
  try {
    const report = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
    sum.passed += report.numPassedTests;
    sum.skipped += report.numPendingTests;
    failed = report.numFailedTests;
    for (const { name: file, assertionResults } of report.testResults)
      for (const { status, fullName, failureMessages } of assertionResults)
        if (status === "failed")
          console.log(
            `failed in run ${name}: ${file.replace(/^.*\/(src|tests|tools)\//, "$1/")}: ${fullName}\n` +
              failureMessages.map(excerpt).join("\n"),
          );
  } catch {}
  const status = readStatus(join(folder, `${name}.status`));
  if (status !== "0" && failed === 0) {
    console.log(`failed in run ${name}: beside its tests, or before them (exit code ${status})`);
    failed = 1;
  }
  sum.failed += failed;
}
if (names.length === 1 || sum.skipped > 0) console.log(`${sum.skipped} skipped`);
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed > 0 ? 1 : 0;

function readStatus(file) {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "none";
  }
}

/** Whoever has only the end of the output should still learn what happened. */
function excerpt(message) {
  return message
    .split("\n")
    .slice(0, 12)
    .map((line) => `  ${line.slice(0, 400)}`)
    .join("\n");
}
