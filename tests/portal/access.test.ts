/** Access control (IAM) in a real browser: custom roles in each way there is, and scopes above the account. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { missing } from "../wire/client-program.fixture.ts";
import { CHROMIUM } from "../wire/entra/chromium.fixture.ts";
import { openPortal, type Portal } from "./portal.fixture.ts";

const PREFIX = "Microsoft.Batch/batchAccounts/";

describe.skipIf(missing("Chromium", CHROMIUM, ["--version"]))("access control", { timeout: 60_000 }, () => {
  let portal: Portal;
  let page: Page;
  let iam: string;
  beforeAll(async () => {
    portal = await openPortal();
    page = portal.page;
    iam = `accounts/${portal.service.ready.account}/access`;
    await portal.signIn();
  }, 60_000);
  afterAll(() => portal?.close());

  const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
  const row = (text: string) => page.getByRole("row").filter({ hasText: text });
  const text = (label: string) => page.getByLabel(label, { exact: true }).inputValue();

  async function newRole(baseline: string) {
    await portal.visit(`${iam}?tab=roles`);
    await press("Add custom role");
    await choose("Baseline permissions", baseline);
  }

  async function choose(label: string, option: string) {
    await page.getByRole("button", { name: new RegExp(`${label}$`) }).click();
    await page.getByRole("option", { name: option, exact: true }).click();
  }

  async function create(name: string) {
    await page.getByLabel("Custom role name").fill(name);
    await press("Create");
    await page.getByRole("heading", { name, exact: true }).waitFor();
    await row(name).filter({ hasText: "CustomRole" }).waitFor();
  }

  test("a role is made from scratch: each permission goes into the list in which it counts", async () => {
    await newRole("Start from scratch");
    for (const name of ["pools/read", "jobs/write"]) {
      await page.getByRole("combobox", { name: "Add a permission" }).fill(name);
      await page.getByRole("option", { name: new RegExp(`/${name}`) }).click();
    }
    expect(await text("Actions")).toBe(`${PREFIX}pools/read`);
    expect(await text("Data actions")).toBe(`${PREFIX}jobs/write`);
    await create("From scratch");
  });

  test("a role is cloned, under another name and for this subscription", async () => {
    await newRole("Clone a role");
    await choose("Role to clone", "Azure Batch Job Submitter");
    expect(await text("Custom role name")).toBe("Azure Batch Job Submitter (copy)");
    expect(await text("Data actions")).toContain(`${PREFIX}jobs/*`);
    expect(await text("Assignable scopes")).toBe(`/subscriptions/${portal.service.ready.subscriptionId}`);
    await create("Cloned");
  });

  test("a role is made from what a program really did: what it uses arrives while it runs", async () => {
    await newRole("What a program really did");
    const application = "batch-application";
    await page.getByRole("combobox", { name: "Whom to watch" }).fill(application);
    await page
      .getByRole("option", { name: new RegExp(application) })
      .first()
      .click();
    await press("Start recording");
    await page.getByText("Nothing was used yet").waitFor();
    const program = portal.asApplication();
    await program.jobs.list().toArray();
    const used = page.getByRole("list", { name: "Permissions used" });
    await used.getByText(`${PREFIX}jobs/read`).waitFor({ timeout: 5_000 });
    // It goes on where its page is left.
    await page.reload();
    await used.getByText(`${PREFIX}jobs/read`).waitFor();
    await program.pools.list().toArray();
    await used.getByText(`${PREFIX}pools/read`).waitFor({ timeout: 5_000 });
    await press("Stop recording");
    await press("Start recording");
    await press("Stop recording");
    await page.getByText("No permission was used").waitFor();
    expect(await text("Actions")).toBe(`${PREFIX}pools/read`);
    expect(await text("Data actions")).toBe(`${PREFIX}jobs/read`);
    await create("Recorded");
    await press("Clone");
    await page.getByRole("status").filter({ hasText: "2 permissions" }).waitFor();
    expect(await text("Custom role name")).toBe("Recorded (copy)");
  });

  test("a role given at the resource group stands on the account as inherited; nothing is denied", async () => {
    await portal.visit("subscriptions");
    await row(portal.service.ready.resourceGroup).getByRole("link", { name: "Access control (IAM)" }).click();
    await press("Add role assignment");
    await choose("Role", "From scratch");
    await page.getByRole("combobox", { name: "Select" }).fill("admin");
    await page.getByRole("option", { name: /User$/ }).first().click();
    await press("Save");
    await row("From scratch").filter({ hasText: "This resource" }).waitFor();
    await portal.visit(iam);
    await row("From scratch").filter({ hasText: "(inherited)" }).waitFor();
    await press("Deny assignments");
    await page.getByText("Nothing is denied here").waitFor();
    await portal.visit("subscriptions");
    await page.getByRole("link", { name: "Access control (IAM)" }).first().click();
    await press("Check access");
    await page.getByLabel("Who").fill(portal.service.ready.clientId ?? "");
    await page.getByRole("button", { name: "Check access" }).last().click();
    await page.getByText("batch-application: allowed").waitFor();
    await page.getByText("those in who may read the account's keys").waitFor();
  });
});
