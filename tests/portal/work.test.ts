/** The work of a Batch account, made and changed in the browser: jobs, tasks, pools, schedules, and what was typed for them. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { missing } from "../wire/client-program.fixture.ts";
import { CHROMIUM } from "../wire/entra/chromium.fixture.ts";
import { seriousProblems } from "./axe.fixture.ts";
import { IMAGE } from "./image.fixture.ts";
import { openPortal, type Portal } from "./portal.fixture.ts";

describe.skipIf(missing("Chromium", CHROMIUM, ["--version"]))(
  "work in the portal",
  { timeout: 60_000 },
  () => {
    let portal: Portal;
    let page: Page;
    let here: string;
    beforeAll(async () => {
      portal = await openPortal({ isolation: "process" });
      page = portal.page;
      here = `accounts/${portal.service.ready.account}`;
      await portal.batch.pools.add({
        id: "work",
        vmSize: "standard_d1_v2",
        virtualMachineConfiguration: IMAGE,
        targetDedicatedNodes: 1,
      });
      await portal.signIn();
    }, 180_000);
    afterAll(() => portal?.close());

    const press = (name: string | RegExp) => page.getByRole("button", { name, exact: true }).click();
    const fill = (label: string, value: string) => page.getByLabel(label, { exact: true }).fill(value);
    const heading = (name: string) => page.getByRole("heading", { name, level: 1 }).waitFor();

    test("a job is made with a preparation and a release task, and the service has what the form said", async () => {
      await portal.visit(`${here}/jobs`);
      await press("Add job");
      await fill("Job ID", "made");
      await fill("Pool", "work");
      await fill("Priority", "7");
      await page.getByText("Tasks depend on other tasks").click();
      await fill("Preparation task", "/bin/true");
      await fill("Release task", "/bin/true");
      await press("Create job");
      await heading("made");
      expect(await portal.batch.jobs.get("made")).toMatchObject({
        priority: 7,
        usesTaskDependencies: true,
        poolInfo: { poolId: "work" },
        jobPreparationTask: { commandLine: "/bin/true" },
        jobReleaseTask: { commandLine: "/bin/true" },
      });
    });

    test("an account's overview counts the tasks that failed today while they fail", async () => {
      await portal.visit(here);
      const figure = page
        .locator(".figure")
        .filter({ hasText: "Tasks failed today" })
        .locator(".figure-value");
      await figure.getByText("0", { exact: true }).waitFor();
      await portal.batch.jobs.add({ id: "failing", poolInfo: { poolId: "work" } });
      await portal.batch.tasks.add("failing", { id: "t", commandLine: "/bin/sh -c 'exit 3'" });
      await figure.getByText("1", { exact: true }).waitFor();
      await portal.batch.jobs.delete("failing");
    });

    test("what is typed is still there after a reload, until it is sent or thrown away", async () => {
      await portal.visit(`${here}/new-job`);
      await fill("Job ID", "draft");
      await fill("Pool", "wo");
      await page.reload();
      await page.getByText("What you had typed here is still there.").waitFor();
      expect(await page.getByLabel("Job ID").inputValue()).toBe("draft");
      await press("Begin anew");
      expect(await page.getByLabel("Job ID").inputValue()).toBe("");
    });

    test("a sweep makes a task of each combination, which stand there before they are added", async () => {
      await portal.visit(`${here}/jobs/made`);
      await press("Add tasks");
      await press("Parametric sweep");
      await fill("Parameters", "n = 01..60\nsize = s, l");
      await fill("Task ID", "sweep-{n}-{size}");
      await fill("Command line", "/bin/sh -c 'echo {n} {size}'");
      await page.getByText("sweep-60-l: /bin/sh -c 'echo 60 l'").waitFor();
      await press("Add 120 tasks");
      // The form has the job's name as well.
      await page.waitForURL(({ href }) => !href.includes("add-tasks"));
      await heading("made");
      expect((await portal.batch.jobs.getTaskCounts("made")).taskCounts).toMatchObject({ failed: 0 });
      expect((await portal.batch.tasks.get("made", "sweep-60-l")).commandLine).toBe("/bin/sh -c 'echo 60 l'");
    });

    test("a table's rows become tasks, and the service's refusal of one is said in its words", async () => {
      await portal.visit(`${here}/jobs/made/add-tasks`);
      await press("CSV");
      await fill("Table", 'id,commandLine\ncsv-1,"echo ""a, b"""\nsweep-01-s,true');
      await press("Add 2 tasks");
      await page.getByText("Task sweep-01-s: ").waitFor();
      expect((await portal.batch.tasks.get("made", "csv-1")).commandLine).toBe('echo "a, b"');
    });

    test("a task, a job and a pool are cloned with all that can be given again", async () => {
      await portal.batch.tasks.add("made", {
        id: "original",
        commandLine: "/bin/true",
        environmentSettings: [{ name: "A", value: "b" }],
        constraints: { maxTaskRetryCount: 2 },
      });
      await portal.visit(`${here}/jobs/made/tasks/original`);
      await press("Clone");
      await heading("New task like original");
      await page.getByText('"maxTaskRetryCount":2').waitFor();
      await press("Add task");
      await heading("made");
      expect(await portal.batch.tasks.get("made", "original-copy")).toMatchObject({
        environmentSettings: [{ name: "A", value: "b" }],
        constraints: { maxTaskRetryCount: 2 },
      });
      await press("Clone");
      await heading("New job like made");
      await page.getByRole("button", { name: "Create job" }).click();
      await heading("made-copy");
      expect(await portal.batch.jobs.get("made-copy")).toMatchObject({
        priority: 7,
        usesTaskDependencies: true,
      });
      await portal.visit(`${here}/pools/work`);
      await press("Clone");
      await heading("New pool like work");
      await fill("Target dedicated nodes", "0");
      await fill("Command line", "/bin/true");
      await press("Add user");
      await fill("Name of user 1", "runner");
      await fill("Password of user 1", "not-A-secret-1");
      await press("Create pool");
      await heading("work-copy");
      expect(await portal.batch.pools.get("work-copy")).toMatchObject({
        vmSize: "standard_d1_v2",
        targetDedicatedNodes: 0,
        startTask: { commandLine: "/bin/true" },
        userAccounts: [{ name: "runner" }],
      });
      expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain("not-A-secret-1");
    });

    test("a pool scales by a formula that is evaluated beside it while it is written", async () => {
      await portal.visit(`${here}/pools/work-copy/autoscale`);
      await fill("Formula", "$TargetDedicatedNodes = 0;");
      await press("Scale by this formula");
      await heading("work-copy");
      await press("Autoscale");
      await fill("Formula", "$x = 20 + 1;\n$TargetDedicatedNodes = 0;");
      const evaluation = page.getByRole("region", { name: "Evaluation" });
      await evaluation.getByText("21", { exact: true }).waitFor();
      await fill("Formula", "$x = nowhere;");
      await evaluation.getByText(/nowhere/).waitFor();
    });

    test("a pool that scales shows what it has, was to have and needs", async () => {
      await portal.visit(`${here}/pools/work-copy`);
      const chart = page.getByRole("region", { name: "Scaling" }).getByRole("img");
      await chart.or(page.getByText("The pool has no samples yet")).waitFor();
      expect(await page.getByRole("region", { name: "Scaling" }).getByRole("alert").count()).toBe(0);
    });

    test("a node's user gets the line to log in with, or the node's reason why nobody can", async () => {
      await portal.visit(`${here}/pools/work`);
      await page.getByRole("group", { name: "Nodes by state" }).getByRole("button").first().click();
      await press("Add user");
      await fill("User name", "alice");
      await fill("Password", "Correct-horse-9");
      await page.getByRole("dialog").getByRole("button", { name: "Add", exact: true }).click();
      const line = page.getByRole("dialog").getByText(/^ssh -p \d+ alice@/);
      await line.or(page.getByText("OperationNotValidOnNode")).first().waitFor();
      await page.keyboard.press("Escape");
    });

    test("a node is kept from tasks, and given back to them", async () => {
      await portal.visit(`${here}/pools/work`);
      await page.getByRole("group", { name: "Nodes by state" }).getByRole("button").first().click();
      await press("Disable scheduling");
      await page.getByRole("button", { name: "Enable scheduling" }).waitFor();
      const [node] = await portal.batch.nodes.list("work").toArray();
      expect(node?.schedulingState).toBe("disabled");
      await press("Enable scheduling");
      await page.getByRole("button", { name: "Disable scheduling" }).waitFor();
    });

    test("a schedule shows its next runs before it is made", async () => {
      await portal.visit(`${here}/new-schedule`);
      await fill("Job schedule ID", "nightly");
      await fill("Every", "P1D");
      await fill("Not before", "2099-01-01T00:00:00Z");
      await fill("Pool", "work");
      const runs = page.getByRole("region", { name: "Next runs" }).locator("time");
      await runs.nth(4).waitFor();
      expect(await runs.nth(1).getAttribute("datetime")).toBe("2099-01-02T00:00:00.000Z");
      await press("Create job schedule");
      await heading("Job schedules");
      const schedule = await portal.batch.jobSchedules.get("nightly");
      expect(schedule).toMatchObject({ schedule: { recurrenceInterval: "P1D" } });
    });

    test("axe finds nothing serious where work is made", async () => {
      const found: string[] = [];
      for (const [index, path] of [
        "new-job",
        "jobs/made/add-tasks",
        "new-pool",
        "new-schedule",
        "pools/work-copy/autoscale",
      ].entries()) {
        await page.emulateMedia({ colorScheme: index % 2 === 0 ? "dark" : "light" });
        await portal.visit(`${here}/${path}`);
        found.push(...(await seriousProblems(page)).map((problem) => `${path}: ${problem}`));
      }
      expect(found).toEqual([]);
    });
  },
);
