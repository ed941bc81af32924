import { expect, test } from "vitest";
import { batchApiVersions } from "../../wire/batch/api-versions.gen.ts";
import { projectModel } from "./model-projection.ts";

const version = (name: string): number => batchApiVersions.findIndex((v) => v.version === name);

test("a version that knows all of the model gets the value itself", () => {
  const counts = { active: 1, running: 2 };
  expect(projectModel("TaskCounts", 0, counts)).toBe(counts);
  const task = { id: "t", requiredSlots: 1, containerSettings: { imageName: "a" } };
  expect(projectModel("CloudTask", version("2022-10-01.16.0"), task)).toBe(task);
});

test("later properties are left out, and the value itself stays as it was", () => {
  const task = { id: "t", requiredSlots: 1 };
  expect(projectModel("CloudTask", version("2019-08-01.10.0"), task)).toEqual({ id: "t" });
  expect(task.requiredSlots).toBe(1);
});

test("properties that are gone are left out", () => {
  const pool = { id: "p", certificateReferences: [] };
  expect(projectModel("CloudPool", version("2025-06-01"), pool)).toEqual({ id: "p" });
});

test("the rule reaches into lists and nested models", () => {
  const list = {
    value: [
      {
        id: "a",
        startTask: {
          commandLine: "x",
          containerSettings: { imageName: "i", workingDirectory: "taskWorkingDirectory" },
        },
      },
      { id: "b" },
    ],
    "odata.nextLink": "next",
  };
  expect(projectModel("CloudPoolListResult", version("2018-12-01.8.0"), list)).toEqual({
    value: [{ id: "a", startTask: { commandLine: "x", containerSettings: { imageName: "i" } } }, { id: "b" }],
    "odata.nextLink": "next",
  });
});
