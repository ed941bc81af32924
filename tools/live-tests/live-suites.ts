/** Microsoft's own live tests, and which of them do not pass against this service, with the reason: data, held by `run.ts`. */
import { readFileSync } from "node:fs";

export interface LiveSuite {
  readonly id: string;
  readonly name: string;
  readonly tests: number;
  readonly notPassed: readonly { readonly reason: string; readonly tests: readonly string[] }[];
}

export interface LiveOutcome {
  readonly test: string;
  readonly outcome: "passed" | "failed" | "skipped";
  /** What the test said, where it did not pass. */
  readonly why: string;
}

export function readLiveSuites(): readonly LiveSuite[] {
  return JSON.parse(readFileSync(new URL("suites.json", import.meta.url), "utf8"));
}

export const notPassedCount = ({ notPassed }: LiveSuite): number =>
  notPassed.reduce((count, { tests }) => count + tests.length, 0);

/** How a run differs from what is written down, a line each; empty when it does not. */
export function liveDifferences(suite: LiveSuite, outcomes: readonly LiveOutcome[]): string[] {
  const expected = new Set(suite.notPassed.flatMap(({ tests }) => tests));
  const seen = new Set(outcomes.map(({ test }) => test));
  return [
    ...(outcomes.length === suite.tests ? [] : [`${outcomes.length} tests instead of ${suite.tests}`]),
    ...[...expected].filter((test) => !seen.has(test)).map((test) => `not run: ${test}`),
    ...outcomes.flatMap(({ test, outcome, why }) => {
      if (expected.has(test) === (outcome !== "passed")) return [];
      return outcome === "passed" ? [`passes now: ${test}`] : [`${outcome}: ${test}\n${why}`];
    }),
  ];
}
