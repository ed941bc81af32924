import { expect, test } from "vitest";
import { TASK_RETENTION_DEFAULT } from "../../wire/batch/limits.ts";
import { taskLimits } from "./task-constraints.ts";

test("a task that does not say keeps its files for the documented time", () => {
  const job = { id: "j", poolInfo: {} };
  expect(taskLimits({}, job).retention).toBe(TASK_RETENTION_DEFAULT);
  expect(taskLimits({ constraints: { retentionTime: "PT1M" } }, job).retention).toBe(60_000);
});
