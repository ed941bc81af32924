/** The service is killed and started again while pages are open: they say so, keep what is typed, and go on by themselves. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BatchClient, BatchSharedKeyCredentials } from "../../src/client/index.ts";
import { KillableService } from "../e2e/killable-service.ts";
import { missing } from "../wire/client-program.fixture.ts";
import { CHROMIUM } from "../wire/entra/chromium.fixture.ts";
import { IMAGE } from "./image.fixture.ts";
import { browsePortal, buildPortal, type PortalPage } from "./portal.fixture.ts";

describe.skipIf(missing("Chromium", CHROMIUM, ["--version"]))(
  "a service that is killed under open pages",
  { timeout: 90_000 },
  () => {
    let service: KillableService;
    let portal: PortalPage;
    let batch: BatchClient;
    let here: string;
    beforeAll(async () => {
      await buildPortal();
      service = await KillableService.start({ parameters: ["--isolation", "process"] });
      const { ready } = service;
      const ca = readFileSync(ready.caFile, "utf8");
      here = `accounts/${ready.account}`;
      batch = BatchClient.open(new BatchSharedKeyCredentials(ready.batch, ready.account, ready.accountKey), {
        tlsOptions: { ca },
      });
      await batch.pools.add({ id: "empty", vmSize: "standard_d1_v2", virtualMachineConfiguration: IMAGE });
      await batch.jobs.add({ id: "before", poolInfo: { poolId: "empty" } });
      portal = await browsePortal(ready, ca);
      await portal.signIn();
    }, 180_000);
    afterAll(async () => {
      await portal?.browser.close();
      await service?.dispose();
    });

    test("a form keeps what is typed before, while and after, and is sent when the service is back", async () => {
      const { page } = portal;
      const gone = page.getByText("The service does not answer");
      await portal.visit(`${here}/new-job`);
      await page.getByLabel("Job ID").fill("typed");
      await service.kill();
      await gone.waitFor();
      await page.getByLabel("Pool", { exact: true }).fill("empty");
      // It cannot be done now, and nothing of it is lost.
      await page.getByRole("button", { name: "Create job" }).click();
      expect(await page.getByLabel("Job ID").inputValue()).toBe("typed");
      await service.start();
      await gone.waitFor({ state: "detached" });
      await page.getByRole("button", { name: "Create job" }).click();
      await page.getByRole("heading", { name: "typed", level: 1 }).waitFor();
      expect((await batch.jobs.get("typed")).poolInfo).toEqual({ poolId: "empty" });
    });

    test("a page that is live stays as it was, and goes on", async () => {
      const { page } = portal;
      const gone = page.getByText("The service does not answer");
      await portal.visit(`${here}/jobs/before`);
      await page.getByText("This job has no tasks yet.").waitFor();
      await service.kill();
      await gone.waitFor();
      expect(await page.getByRole("heading", { name: "before", level: 1 }).isVisible()).toBe(true);
      await service.start();
      await gone.waitFor({ state: "detached" });
      await batch.tasks.add("before", { id: "after", commandLine: "true" });
      await page.getByRole("link", { name: "after" }).waitFor();
    });
  },
);
