/** A reporter of mocha's: appends what came of each test to the file that LIVE_OUTCOMES names, a JSON object a line. */
const { appendFileSync } = require("node:fs");

module.exports = function outcomes(runner) {
  const tell = (outcome) => (test, error) =>
    appendFileSync(
      process.env.LIVE_OUTCOMES,
      `${JSON.stringify({ test: test.title, outcome, why: String(error?.message ?? "").slice(0, 1500) })}\n`,
    );
  runner.on("pass", tell("passed"));
  runner.on("pending", tell("skipped"));
  runner.on("fail", tell("failed"));
};
