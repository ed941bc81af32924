import { expect, test } from "vitest";
import { containerInfo, hookContainerInfo } from "./container-info.ts";

test("a container is created, runs and exits; one that was never made says why", () => {
  const run = { run: "t:1:1", hasStarted: true, isOver: false };
  const running = containerInfo(run);
  expect(running).toMatchObject({ state: "running", error: "" });
  const exited = { ...running, state: "exited" };
  expect(containerInfo({ ...run, isOver: true, failure: { message: "no" } })).toEqual(exited);
  const never = { run: "t:1:2", hasStarted: false, isOver: true, failure: { message: "no" } };
  expect(containerInfo(never)).toMatchObject({ state: "created", error: "no" });
  expect(containerInfo(never).containerId).not.toBe(running.containerId);
});

test("a start task without an exit code has had no container", () => {
  const info = { state: "completed", attempt: 1, startTime: 0, retryCount: 0 } as const;
  expect(hookContainerInfo("s:1:1", info)).toMatchObject({ state: "created" });
  expect(hookContainerInfo("s:1:1", { ...info, exitCode: 1 })).toMatchObject({ state: "exited" });
});
