import { expect, test } from "vitest";
import { parseJobs } from "./slurm-queue.ts";

test("jobs as squeue lists them", () => {
  const text = "12|PENDING|Resources|batchyard-0a-1\n13|RUNNING|None|a|b\n14|COMPLETING|None|c\n";
  expect(parseJobs(text)).toEqual([
    { id: "12", name: "batchyard-0a-1", state: "pending", reason: "Resources" },
    { id: "13", name: "a|b", state: "running", reason: "None" },
    { id: "14", name: "c", state: "ending", reason: "None" },
  ]);
});

test.each([
  ["CONFIGURING", "pending"],
  ["REQUEUE_HOLD", "pending"],
  ["SUSPENDED", "running"],
  ["NODE_FAIL", "ending"],
  ["PREEMPTED", "ending"],
  ["TIMEOUT", "ending"],
  ["SOMETHING_NEW", "running"],
])("%s is %s", (word, state) => {
  expect(parseJobs(`1|${word}|None|n`)).toMatchObject([{ state }]);
});

test("an empty queue, and a line that is none", () => {
  expect(parseJobs("")).toEqual([]);
  expect(parseJobs("slurm_load_jobs warning\n")).toEqual([]);
  expect(parseJobs("--user=root|RUNNING|None|n\n||None|n\n1|\n|||\n\0\n")).toEqual([]);
});
