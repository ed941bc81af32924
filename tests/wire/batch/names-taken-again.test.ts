/** Jobs and tasks that have the names of ones before them: what is deleted of those takes nothing of theirs, and leaves them nothing. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { jobBody, poolBody, taskBody } from "../batch-bodies.fixture.ts";
import { BatchClient } from "../batch-client.fixture.ts";
import { eventually } from "../eventually.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

let service: RunningService;
let batch: BatchClient;

beforeAll(async () => {
  service = await runningService();
  batch = await BatchClient.connect(service);
  await batch.post("/pools", poolBody("p"));
});
afterAll(async () => {
  batch?.close();
  await service?.close();
});

test("a new job's task keeps its files while the folders of the job before it are deleted", async () => {
  for (let round = 0; round < 15; round++) {
    await batch.post("/jobs", jobBody("again", "p"));
    // Enough that the deletion takes as long as a task.
    const script = `mkdir d; cd d; touch $(seq 300); echo ${round} >kept.txt`;
    await batch.post("/jobs/again/tasks", taskBody("t", script));
    await batch.until("/jobs/again/tasks/t", ({ state }) => state === "completed");
    const { status, text } = await batch.send("GET", "/jobs/again/tasks/t/files/wd/d/kept.txt");
    expect([round, status, text]).toEqual([round, 200, `${round}\n`]);
    await batch.send("DELETE", "/jobs/again");
    await batch.untilGone("/jobs/again");
  }
});

test("a new task finds nothing of one that was deleted while it ran", async () => {
  await batch.post("/jobs", jobBody("tasks", "p"));
  const add = (script: string) => batch.send("POST", "/jobs/tasks/tasks", { body: taskBody("t", script) });
  expect((await add("echo old >old.txt; sleep 600")).status).toBe(201);
  const path = "/jobs/tasks/tasks/t";
  await eventually("its file", async () => {
    return (await batch.send("GET", `${path}/files/wd/old.txt`)).status === 200;
  });
  await batch.must("DELETE", path);
  // Its name is free once its processes have gone.
  await eventually("its name", async () => (await add("ls")).status === 201);
  await batch.until(path, ({ state }) => state === "completed");
  expect((await batch.send("GET", `${path}/files/stdout.txt`)).text).toBe("");
});
