import { expect, test } from "vitest";
import { nodeBusy } from "./node-restart.ts";

test("a node that stands may be taken down, also one whose start task has failed", () => {
  for (const state of ["idle", "waitingforstarttask", "starttaskfailed"]) {
    expect(nodeBusy(state)).toBeUndefined();
  }
});

test.each([
  ["creating", "NodeBeingCreated"],
  ["starting", "NodeBeingStarted"],
  ["rebooting", "NodeBeingRebooted"],
  ["reimaging", "NodeBeingReimaged"],
  ["unusable", "NodeStateUnusable"],
  ["leavingpool", "OperationInvalidForCurrentState"],
  ["deallocated", "OperationInvalidForCurrentState"],
])("a node that is %s answers %s", (state, code) => {
  expect(nodeBusy(state)?.code).toBe(code);
});
