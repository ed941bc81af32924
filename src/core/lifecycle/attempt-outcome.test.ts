import { expect, test } from "vitest";
import { attemptOutcome } from "./attempt-outcome.ts";
import { exitOptionsFor } from "./exit-options.ts";

const fresh = { retryCount: 0, maxRetries: 0, stopping: null };
const exited = (exitCode: number) => ({ kind: "exited", exitCode }) as const;

test("exit code 0 completes with success, whatever retries are left", () => {
  expect(attemptOutcome({ ...fresh, maxRetries: 5 }, exited(0))).toMatchObject({
    next: "completed",
    result: "success",
    exitCode: 0,
  });
});

test("a failing exit code is retried up to maxTaskRetryCount, and for ever at -1", () => {
  expect(attemptOutcome({ ...fresh, maxRetries: 1 }, exited(3))).toEqual({
    next: "active",
    because: "retry",
  });
  expect(attemptOutcome({ ...fresh, maxRetries: 1, retryCount: 1 }, exited(3))).toMatchObject({
    next: "completed",
    result: "failure",
    exitCode: 3,
    failure: { category: "usererror", code: "FailureExitCode" },
  });
  expect(attemptOutcome({ ...fresh, maxRetries: -1, retryCount: 999 }, exited(3))).toMatchObject({
    next: "active",
  });
});

test("every failure has details, and says whose it is", () => {
  const failure = (end: Parameters<typeof attemptOutcome>[1]) => {
    const outcome = attemptOutcome(fresh, end);
    return outcome.next === "completed" ? outcome.failure : undefined;
  };
  const message = "The task exited with an exit code representing a failure";
  expect(failure(exited(3))).toEqual({
    category: "usererror",
    code: "FailureExitCode",
    message,
    details: [
      { name: "Message", value: message },
      { name: "AdditionalErrorCode", value: "FailureExitCode" },
    ],
  });
  const missing = {
    kind: "failedToStart",
    code: "CommandProgramNotFound",
    message: "It is not there.",
  } as const;
  expect(failure(missing)).toMatchObject({
    category: "usererror",
    details: [{ value: "It is not there." }, { value: "CommandProgramNotFound" }],
  });
  expect(failure({ ...missing, code: "BlobDownloadMiscError" })).toMatchObject({ category: "servererror" });
  const details = [{ name: "ApplicationPackageReference", value: "a:1" }];
  expect(failure({ ...missing, details })).toMatchObject({ details });
});

test("a lost node gives a new attempt outside maxTaskRetryCount", () => {
  expect(attemptOutcome(fresh, { kind: "lost" })).toEqual({ next: "active", because: "recovery" });
});

test("a task lost while it was being terminated is terminated", () => {
  expect(attemptOutcome({ ...fresh, stopping: "terminate" }, { kind: "lost" })).toMatchObject({
    next: "completed",
    failure: { code: "TaskEnded" },
  });
});

test("a task that a user ends is not retried; one that a user requeues runs again", () => {
  expect(
    attemptOutcome({ ...fresh, maxRetries: 3, stopping: "terminate" }, { kind: "stopped" }),
  ).toMatchObject({
    next: "completed",
    result: "failure",
  });
  expect(attemptOutcome({ ...fresh, stopping: "requeue" }, { kind: "stopped" })).toEqual({
    next: "active",
    because: "requeue",
  });
});

test("exit options: the exact code wins over a range, a range over the default, and omissions take the documented default", () => {
  const conditions = {
    exitCodes: [{ code: 3, exitOptions: { dependencyAction: "satisfy" } }],
    exitCodeRanges: [{ start: 1, end: 9, exitOptions: { jobAction: "disable" } }],
    default: { jobAction: "none" },
  } as const;
  expect(exitOptionsFor(conditions, exited(3))).toEqual({
    jobAction: "terminate",
    dependencyAction: "satisfy",
  });
  expect(exitOptionsFor(conditions, exited(4))).toEqual({ jobAction: "disable", dependencyAction: "block" });
  expect(exitOptionsFor(conditions, exited(40))).toEqual({ jobAction: "none", dependencyAction: "block" });
  expect(exitOptionsFor(conditions, exited(0))).toEqual({ jobAction: "none", dependencyAction: "satisfy" });
  expect(exitOptionsFor(undefined, { kind: "ended" })).toEqual({
    jobAction: "terminate",
    dependencyAction: "block",
  });
});

test("every failure says its message and its code in its details, as programs read them there", () => {
  const told = (code: string) => ({
    failure: {
      code,
      details: expect.arrayContaining([
        { name: "Message", value: expect.any(String) },
        { name: "AdditionalErrorCode", value: code },
      ]),
    },
  });
  expect(attemptOutcome(fresh, exited(3))).toMatchObject(told("FailureExitCode"));
  expect(attemptOutcome(fresh, { kind: "timedOut" })).toMatchObject(told("TaskEnded"));
  expect(attemptOutcome({ ...fresh, stopping: "terminate" }, { kind: "stopped" })).toMatchObject(
    told("TaskEnded"),
  );
  const missing = { kind: "failedToStart", code: "CommandProgramNotFound", message: "none" } as const;
  expect(attemptOutcome(fresh, missing)).toMatchObject(told("CommandProgramNotFound"));
  const unsent = { ...exited(0), uploadFailure: { code: "FileUploadContainerNotFound", message: "none" } };
  expect(attemptOutcome(fresh, unsent)).toMatchObject(told("FileUploadContainerNotFound"));
});

test("a task that a user ends asks nothing of its job, whatever its exit conditions", () => {
  const outcome = attemptOutcome({ ...fresh, stopping: "terminate" }, { kind: "stopped" });
  expect(outcome).toMatchObject({ next: "completed", ending: { kind: "terminated" } });
  for (const conditions of [undefined, { default: { jobAction: "terminate" } } as const]) {
    expect(exitOptionsFor(conditions, { kind: "terminated" })).toEqual({
      jobAction: "none",
      dependencyAction: "block",
    });
  }
});
