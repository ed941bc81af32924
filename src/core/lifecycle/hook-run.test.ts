import { expect, test } from "vitest";
import { hookRunEnded, hookRunStarted } from "./hook-run.ts";

const exited = (exitCode: number) => ({
  end: { kind: "exited", exitCode } as const,
  startedAt: 10,
  endedAt: 20,
});

test("a run that succeeds is complete", () => {
  expect(hookRunEnded(hookRunStarted(5), 0, exited(0), 30)).toEqual({
    state: "completed",
    attempt: 1,
    startTime: 10,
    endTime: 20,
    retryCount: 0,
    exitCode: 0,
    result: "success",
  });
});

test("a run that fails is tried again as often as allowed, each time under its own number", () => {
  const second = hookRunEnded(hookRunStarted(5), 1, exited(3), 30);
  expect(second).toEqual({ state: "running", attempt: 2, startTime: 30, retryCount: 1, lastRetryTime: 30 });
  expect(hookRunEnded(second, 1, exited(3), 40)).toMatchObject({
    state: "completed",
    attempt: 2,
    result: "failure",
    exitCode: 3,
    failureInfo: { code: "FailureExitCode" },
  });
});

test("what was told to stop is not tried again", () => {
  const ended = { end: { kind: "stopped" } as const, startedAt: null, endedAt: 20 };
  expect(hookRunEnded({ ...hookRunStarted(5), stopping: true }, 3, ended, 30)).toMatchObject({
    state: "completed",
    result: "failure",
  });
  expect(hookRunEnded(hookRunStarted(5), 0, ended, 30)).toMatchObject({ state: "running", attempt: 2 });
});

test("a later run goes on counting", () => {
  expect(hookRunStarted(5, hookRunStarted(1)).attempt).toBe(2);
});
