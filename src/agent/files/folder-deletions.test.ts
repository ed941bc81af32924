import { expect, test } from "vitest";
import { FolderDeletions } from "./folder-deletions.ts";

test("a run waits for deletions of its own folder and of those above it, and for no others", async () => {
  const deletions = new FolderDeletions();
  const job = Promise.withResolvers<void>();
  const task = Promise.withResolvers<void>();
  deletions.add("1", "./workitems//j/", job.promise);
  deletions.add("1", "workitems/j/job-1/t", task.promise);
  for (const other of ["workitems/j2/job-1/t", "startup"])
    expect(deletions.above("1", other)).toBeUndefined();
  expect(deletions.above("2", "workitems/j/job-1/t")).toBeUndefined();
  const order: string[] = [];
  const neighbour = deletions.above("1", "workitems/j/job-1/t2")?.then(() => order.push("neighbour"));
  const same = deletions.above("1", "workitems/j/job-1/t")?.then(() => order.push("same"));
  job.resolve();
  await neighbour;
  expect(order).toEqual(["neighbour"]);
  task.reject(new Error("it stays"));
  await same;
  expect(order).toEqual(["neighbour", "same"]);
  expect(deletions.above("1", "workitems/j/job-1/t")).toBeUndefined();
});
