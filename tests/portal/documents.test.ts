/**
 * The steps that the documents write "in the Azure portal", one after the other in a real browser, and the documents' program with
 * what was copied on the way. Source: "Authenticate Batch service solutions with Active Directory".
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BatchClient, BatchTokenCredentials } from "../../src/client/index.ts";
import { batchyardRun, missing, printed, programFile } from "../wire/client-program.fixture.ts";
import { CHROMIUM } from "../wire/entra/chromium.fixture.ts";
import { postForm } from "../wire/raw-request.fixture.ts";
import { noteSecret } from "../wire/seen-secrets.fixture.ts";
import { openPortal, type Portal } from "./portal.fixture.ts";

const BATCH_API = "ddbf3205-c6bd-46ae-8127-60eb93363864";
const NAME = "My Batch application";
const PYTHON = "/usr/bin/python3";
const hasPython = !missing("azure-batch for Python", PYTHON, [
  "-c",
  "import azure.batch, azure.common.credentials",
]);

describe.skipIf(missing("Chromium", CHROMIUM, ["--version"]))(
  "the documents' steps",
  { timeout: 60_000 },
  () => {
    let portal: Portal;
    let page: Page;
    const copied = { appId: "", tenantId: "", secret: "" };
    beforeAll(async () => {
      portal = await openPortal();
      page = portal.page;
      await portal.signIn();
    }, 60_000);
    afterAll(() => portal?.close());

    test("Register your application with a tenant: the application ID is on its overview", async () => {
      await allServices("App registrations");
      await press("New registration");
      await page.getByLabel("Name", { exact: true }).fill(NAME);
      // A native application's redirect URI need not be a real address.
      await page.getByLabel("Redirect URI").fill("http://mybatchdatasample");
      await press("Register");
      await heading(NAME);
      copied.appId = await fact("Application (client) ID");
      expect(copied.appId).toMatch(/^[0-9a-f-]{36}$/);
    });

    test("Get the tenant ID for your Active Directory: Properties shows the Directory ID", async () => {
      await page.getByRole("link", { name: "Azure Active Directory" }).first().click();
      await heading("Properties");
      copied.tenantId = await fact("Directory (tenant) ID");
      expect(copied.tenantId).toBe(portal.service.ready.tenantId);
    });

    test.each([
      ["Microsoft Azure Batch", "by its name"],
      [BATCH_API, "by its ID"],
    ])("Use integrated authentication: the Batch API's permission is added, found by %s", async (search) => {
      await portal.visit(`applications/${copied.appId}/permissions`);
      await row("User.Read").waitFor();
      await press("Add a permission");
      await page.getByLabel("Search APIs by name or application ID").fill(search);
      const apis = page.getByRole("listbox", { name: "APIs my organization uses" });
      await apis.getByRole("option", { name: "Microsoft Azure Batch" }).click();
      await page.getByText("Access Azure Batch Service").click();
      await press("Add permissions");
      await row("user_impersonation").waitFor();
      await row("user_impersonation").getByRole("button", { name: "Remove" }).click();
      await row("user_impersonation").waitFor({ state: "detached" });
    });

    test("Request a secret for your application: its value is shown once, and gone after leaving", async () => {
      await allServices("App registrations");
      await page.getByRole("link", { name: NAME }).click();
      await page.getByRole("link", { name: "Certificates & secrets" }).click();
      await press("New client secret");
      await page.getByLabel("Description").fill("for the sample");
      expect(await page.getByRole("button", { name: /Expires/ }).textContent()).toContain("In 1 year");
      await press("Add");
      const value = page.locator("[data-secret]");
      copied.secret = (await value.textContent()) ?? "";
      noteSecret("the client secret", copied.secret);
      expect(copied.secret.length).toBeGreaterThan(30);
      await page.getByRole("link", { name: "Overview" }).click();
      await heading(NAME);
      await page.getByRole("link", { name: "Certificates & secrets" }).click();
      await row("for the sample").waitFor();
      expect(await page.content()).not.toContain(copied.secret);
      expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain(copied.secret);
    });

    test("Assign RBAC to your application: before it, the program is refused", async () => {
      await expect(listJobs()).rejects.toMatchObject({ status: 403 });
    });

    test("Assign RBAC to your application: IAM, Add, Reader, the application, Save; it lists jobs, and its add is refused with a reason", async () => {
      await assign("Reader");
      expect(await listJobs()).toEqual([]);
      const refused = (await program()).jobs.add({ id: "mine", poolInfo: { poolId: "none" } });
      await expect(refused).rejects.toMatchObject({ status: 403 });
      if (hasPython) expect(await sample()).toEqual({ listed: [], refused: 403 });
      await page.getByRole("link", { name: "Refused requests" }).first().click();
      await page.getByRole("link", { name: "Job_Add" }).first().click();
      const explanation = page.getByRole("region", { name: "Explanation" });
      await explanation.getByText("Microsoft.Batch/batchAccounts/jobs/write (data action)").waitFor();
      await explanation.getByText("Reader").first().waitFor();
      await explanation.getByText("the role does not name it").waitFor();
    });

    test("Assign RBAC to your application: with Contributor, added the same way, it adds jobs", async () => {
      await assign("Contributor");
      await portal.batch.pools.add(EMPTY_POOL);
      await (await program()).jobs.add({ id: "mine", poolInfo: { poolId: "empty" } });
      expect(await listJobs()).toEqual(["mine"]);
      if (!hasPython) return;
      expect(await sample()).toEqual({ listed: ["mine"], added: true });
      await portal.batch.jobs.delete("sample");
    });

    test("Assign a custom role: the page's JSON is pasted and assigned; with it alone jobs are submitted, and pools are not managed", async () => {
      await portal.visit(`accounts/${portal.service.ready.account}/access?tab=roles`);
      await press("Add custom role");
      await page.getByRole("textbox", { name: "JSON" }).fill(CUSTOM_ROLE);
      await press("Create");
      await page.getByRole("heading", { name: "Azure Batch Custom Job Submitter" }).waitFor();
      await assign("Azure Batch Custom Job Submitter");
      for (const role of ["Reader", "Contributor"]) await unassign(role);
      const { jobs, pools } = await program();
      await jobs.add({ id: "custom", poolInfo: { poolId: "empty" } });
      expect((await listJobs()).toSorted()).toEqual(["custom", "mine"]);
      await expect(pools.add({ ...EMPTY_POOL, id: "other" })).rejects.toMatchObject({ status: 403 });
      await expect(pools.delete("empty")).rejects.toMatchObject({ status: 403 });
      await jobs.delete("custom");
    });

    async function allServices(service: string) {
      await page.getByRole("link", { name: "All services" }).click();
      await heading("All services");
      await page.locator("main").getByRole("link", { name: service }).click();
      await heading(service);
    }

    const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
    const heading = (name: string) => page.getByRole("heading", { name, level: 1 }).waitFor();
    const row = (text: string) => page.getByRole("row").filter({ hasText: text });

    async function fact(name: string): Promise<string> {
      await page.getByRole("button", { name: `Copy ${name}` }).click();
      const value = page.locator("dl > div").filter({ hasText: name }).locator(".fact");
      return (await value.textContent()) ?? "";
    }

    async function assign(role: string) {
      await portal.visit(`accounts/${portal.service.ready.account}/access`);
      await press("Add role assignment");
      await page.getByRole("button", { name: /Role$/ }).click();
      await page.getByRole("option", { name: role, exact: true }).click();
      await page.getByRole("combobox", { name: "Select" }).fill(NAME);
      await page.getByRole("option", { name: new RegExp(NAME) }).click();
      await press("Save");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await row(NAME).filter({ hasText: role }).waitFor();
    }

    async function unassign(role: string) {
      const assignment = row(NAME).filter({ hasText: role });
      await assignment.getByRole("button", { name: "Remove" }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
      await assignment.waitFor({ state: "detached" });
    }

    /** The documents' sample in Python, with its five values: what was copied, the Batch service, and the account's own URL. */
    async function sample() {
      const { account, location } = portal.service.ready;
      const values = {
        TENANT_ID: copied.tenantId,
        CLIENT_ID: copied.appId,
        SECRET: copied.secret,
        RESOURCE: "https://batch.core.windows.net/",
        BATCH_ACCOUNT_URL: `https://${account}.${location}.batch.azure.com`,
      };
      const environment = { ...process.env, COPIED_VALUES: JSON.stringify(values) };
      const words = [PYTHON, programFile("copied_values.py")];
      return printed(await batchyardRun(words, ["--data", portal.service.folder], environment));
    }

    /** As the documents' sample signs in: with the values that were copied, and nothing else. */
    async function program(): Promise<BatchClient> {
      const { ready, ca } = portal.service;
      const door = { main: { port: Number(new URL(ready.login).port) }, ca };
      const reply = await postForm(door, `/${copied.tenantId}/oauth2/token`, {
        grant_type: "client_credentials",
        client_id: copied.appId,
        client_secret: copied.secret,
        resource: "https://batch.core.windows.net/",
      });
      const token = String(reply.json.access_token);
      return BatchClient.open(new BatchTokenCredentials(ready.batch, async () => token), {
        tlsOptions: { ca },
      });
    }

    async function listJobs() {
      const jobs = await (await program()).jobs.list().toArray();
      return jobs.map(({ id }) => id);
    }
  },
);

const EMPTY_POOL = {
  id: "empty",
  vmSize: "standard_d1_v2",
  virtualMachineConfiguration: {
    imageReference: { publisher: "canonical", offer: "0001-com-ubuntu-server-jammy", sku: "22_04-lts" },
    nodeAgentSKUId: "batch.node.ubuntu 22.04",
  },
  targetDedicatedNodes: 0,
};

/** The page's example, of whose values only the subscription is somebody's own. */
const CUSTOM_ROLE = JSON.stringify({
  properties: {
    roleName: "Azure Batch Custom Job Submitter",
    type: "CustomRole",
    description: "Allows a user to submit jobs to Azure Batch but not manage pools",
    assignableScopes: ["/subscriptions/88888888-8888-8888-8888-888888888888"],
    permissions: [
      {
        actions: [
          "Microsoft.Batch/*/read",
          "Microsoft.Authorization/*/read",
          "Microsoft.Resources/subscriptions/resourceGroups/read",
          "Microsoft.Support/*",
          "Microsoft.Insights/alertRules/*",
        ],
        notActions: [],
        dataActions: ["Microsoft.Batch/batchAccounts/jobs/*", "Microsoft.Batch/batchAccounts/jobSchedules/*"],
        notDataActions: [],
      },
    ],
  },
});
