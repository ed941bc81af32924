import { expect, test } from "vitest";
import { failureWords } from "./failure-words.ts";

test.each([
  ["FailureExitCode", 3, /exit code 3/],
  ["FailureExitCode", 127, /did not find a command/],
  ["FailureExitCode", 137, /SIGKILL/],
  ["CommandProgramNotFound", undefined, /not on the node/],
  ["Unheard", undefined, /^undefined$/],
])("%s with exit code %s is said in words", (code, exitCode, said) => {
  expect(String(failureWords({ code, category: "usererror" }, exitCode))).toMatch(said);
});
