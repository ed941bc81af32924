/** A job looked at as a whole: over time, by dependencies, by what failed, and why what waits does. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { missing } from "../wire/client-program.fixture.ts";
import { CHROMIUM } from "../wire/entra/chromium.fixture.ts";
import { eventually } from "../wire/eventually.fixture.ts";
import { seriousProblems } from "./axe.fixture.ts";
import { IMAGE } from "./image.fixture.ts";
import { openPortal, type Portal } from "./portal.fixture.ts";

/** More than are drawn all together. */
const MANY = 2_001;

describe.skipIf(missing("Chromium", CHROMIUM, ["--version"]))("a job's views", { timeout: 60_000 }, () => {
  let portal: Portal;
  let page: Page;
  let here: string;
  beforeAll(async () => {
    portal = await openPortal({ isolation: "process" });
    page = portal.page;
    here = `accounts/${portal.service.ready.account}/jobs`;
    const { pools, jobs, tasks } = portal.batch;
    const machine = { vmSize: "standard_d1_v2", virtualMachineConfiguration: IMAGE };
    await pools.add({ id: "work", ...machine, targetDedicatedNodes: 1 });
    await pools.add({ id: "empty", ...machine, taskSlotsPerNode: 2 });
    await jobs.add({ id: "ran", poolInfo: { poolId: "work" }, usesTaskDependencies: true });
    const satisfied = { default: { dependencyAction: "satisfy" as const } };
    await tasks.add("ran", { id: "first", commandLine: "/bin/sh -c 'exit 3'", exitConditions: satisfied });
    await tasks.add("ran", {
      id: "second",
      commandLine: "/bin/sh -c 'exit 4'",
      dependsOn: { taskIds: ["first"] },
    });
    await tasks.add("ran", { id: "blocked", commandLine: "true", dependsOn: { taskIds: ["second"] } });
    await jobs.add({ id: "long", poolInfo: { poolId: "empty" }, usesTaskDependencies: true });
    const chain = Array.from({ length: MANY }, (_, n) => ({
      id: `t${n}`,
      commandLine: "true",
      ...(n === 0 ? { requiredSlots: 2 } : { dependsOn: { taskIds: [`t${n - 1}`] } }),
    }));
    await tasks.addCollection("long", chain);
    await eventually(
      "the second task's end",
      async () => (await tasks.get("ran", "second")).state === "completed",
    );
    await portal.signIn();
  }, 180_000);
  afterAll(() => portal?.close());

  test("over time its tasks are bars on their nodes, each of which leads to its task", async () => {
    await portal.visit(`${here}/ran?tab=timeline`);
    const picture = page.getByRole("img", { name: /^1 nodes in 1 lanes/ });
    await picture.waitFor();
    await page.getByRole("button", { name: "Zoom in" }).click();
    await page.getByRole("button", { name: "All of it" }).click();
    const { width = 0 } = (await picture.boundingBox()) ?? {};
    // The last bar, as narrow as its task was short.
    const told = page.getByText(/^second on .*: failed/);
    const position = { x: width, y: 28 };
    do {
      position.x -= 1;
      await picture.hover({ position });
    } while (position.x > width / 2 && !(await told.isVisible()));
    await told.waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    await picture.click({ position });
    await page.getByRole("heading", { name: "second", level: 1 }).waitFor();
  });

  test("charts say how many waited, ran and ended a minute", async () => {
    await portal.visit(`${here}/ran?tab=charts`);
    await page.getByRole("img", { name: /^Waiting and running: Waiting 1, Running 0/ }).waitFor();
    await page.getByRole("img", { name: /^Completed per minute/ }).waitFor();
    expect(await seriousProblems(page)).toEqual([]);
  });

  test("dependencies are a graph, in which a task says why it waits", async () => {
    await portal.visit(`${here}/ran?tab=dependencies`);
    await page.getByRole("button", { name: "second: failed" }).waitFor();
    await page.getByRole("button", { name: "blocked: active" }).click();
    const view = page.getByRole("region", { name: "Dependencies" });
    await view.getByText("It depends on second, which failed").waitFor();
    expect(await seriousProblems(page)).toEqual([]);
  });

  test("of more tasks than can be drawn, those around one are", async () => {
    await portal.visit(`${here}/long?tab=dependencies`);
    await page.getByLabel("Around the task").fill("t1000");
    await page.getByRole("button", { name: "Show" }).click();
    await page.getByRole("button", { name: "t997: active" }).waitFor();
    await page.getByRole("button", { name: "t1003: active" }).waitFor();
    expect(await page.locator("[data-task]").count()).toBe(7);
  });

  test("a job whose pool has no nodes says so, until it has what it needs", async () => {
    await portal.visit(`${here}/long`);
    const why = page.getByRole("region", { name: "Why it waits" });
    await why.getByText("The pool has no nodes, and is to have none: resize it.").waitFor();
    await portal.visit(`${here}/long/tasks/t7`);
    await why.getByText("It depends on t6 (active).").waitFor();
  });

  test("tasks are found by exit code, by node, and from an ID on", async () => {
    const links = page.getByRole("grid", { name: "Tasks" }).getByRole("link");
    await portal.visit(`${here}/ran`);
    await page.getByRole("searchbox", { name: "Exit code" }).fill("4");
    await eventually(
      "the one with that code",
      async () => (await links.allTextContents()).join() === "second",
    );
    await page.getByRole("searchbox", { name: "Exit code" }).fill("");
    await page.getByRole("searchbox", { name: "Node" }).fill("tvmps");
    await eventually("those that ran", async () => (await links.allTextContents()).join() === "first,second");
    await portal.visit(`${here}/long?from=t997`);
    await links.first().waitFor();
    expect(await links.first().textContent()).toBe("t997");
  });

  test("all that failed are reactivated, or deleted, at once", async () => {
    await portal.visit(`${here}/ran?state=failed`);
    await page.getByRole("link", { name: "second" }).waitFor();
    /** When each that failed has ended. */
    const attempts = async () => {
      const tasks = await portal.batch.tasks.list("ran", { filter: "state eq 'completed'" }).toArray();
      return new Map(tasks.map(({ id, executionInfo }) => [id, Date.parse(String(executionInfo?.endTime))]));
    };
    const before = await attempts();
    await page.getByRole("button", { name: "Reactivate all failed" }).click();
    await eventually("each to have failed again", async () => {
      const now = await attempts();
      return before.size === 2 && [...before].every(([id, ended]) => (now.get(id) ?? ended) > ended);
    });
    await page.getByRole("link", { name: "second" }).waitFor();
    await page.getByRole("button", { name: "Delete all failed" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete all failed" }).click();
    await page.getByText("No task is like that.").waitFor();
    expect((await portal.batch.tasks.list("ran").toArray()).map(({ id }) => id)).toEqual(["blocked"]);
  });
});
