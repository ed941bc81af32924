/** The directory in a real browser: what an application is made of, who may use it, groups within groups, managed identities. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { namespaceObstacle } from "../e2e/nodes/namespace-nodes.ts";
import { missing } from "../wire/client-program.fixture.ts";
import { applicationCertificate } from "../wire/entra/application-certificate.fixture.ts";
import { CHROMIUM } from "../wire/entra/chromium.fixture.ts";
import { openPortal, type Portal } from "./portal.fixture.ts";

/** The line of "Configure managed identities in Batch pools"; then what its token opens. */
const USE_TOKEN = `TOKEN=$(curl -s 'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://batch.core.windows.net/' -H Metadata:true | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/'); curl -s -o jobs -w 'the jobs: %{http_code}' "$AZ_BATCH_ACCOUNT_URL/jobs?api-version=2024-07-01.20.0" -H "Authorization: Bearer $TOKEN"`;

describe.skipIf(missing("Chromium", CHROMIUM, ["--version"]))("the directory", { timeout: 60_000 }, () => {
  let portal: Portal;
  let page: Page;
  beforeAll(async () => {
    portal = await openPortal();
    page = portal.page;
    await portal.signIn();
  }, 60_000);
  afterAll(() => portal?.close());

  const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
  const link = (name: string) => page.getByRole("link", { name, exact: true }).click();
  const row = (text: string) => page.getByRole("row").filter({ hasText: text });
  const fill = (name: string, value: string) => page.getByRole("textbox", { name, exact: true }).fill(value);
  const region = (name: string) => page.getByRole("region", { name, exact: true });

  /** Closed, and the focus back where it was opened: until then a press would be taken for one on the dialog. */
  async function dialogGone() {
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.locator("button:focus").waitFor();
  }

  async function choose(label: string, option: string | RegExp) {
    await page.getByRole("button", { name: new RegExp(`${label}$`) }).click();
    await page.getByRole("option", { name: option }).click();
  }

  async function select(name: string) {
    await page.getByRole("combobox", { name: "Select" }).fill(name);
    await page
      .getByRole("option", { name: new RegExp(name) })
      .first()
      .click();
  }

  test("an application's redirect URIs, roles, owners, certificates and federated credentials are set and seen", async () => {
    await portal.visit(`applications/${portal.service.ready.clientId}`);
    await link("Authentication");
    await fill("Web", "https://app.example/answer\nhttps://app.example/other");
    await press("Save");
    await page.getByText("Saved.").waitFor();
    await page.reload();
    expect(await page.getByRole("textbox", { name: "Web" }).inputValue()).toContain(
      "https://app.example/other",
    );

    await link("App roles");
    await press("Create app role");
    await fill("Display name", "Night watch");
    await fill("Value", "Jobs.Watch");
    await fill("Description", "May look at night");
    await press("Create");
    await dialogGone();
    await row("Jobs.Watch").waitFor();

    await link("Owners");
    await press("Add owner");
    await select("Administrator");
    await press("Add");
    await dialogGone();
    await row("Administrator").waitFor();

    await link("Certificates & secrets");
    await press("Upload certificate");
    await fill("Certificate", applicationCertificate(Date.now()).pem);
    await fill("Description", "of the build machine");
    await press("Add");
    await dialogGone();
    await row("of the build machine").waitFor();
    await press("Add credential");
    await fill("Name", "builds");
    await fill("Issuer", "https://token.example");
    await fill("Subject identifier", "repo:some/thing");
    await press("Add");
    await dialogGone();
    await row("repo:some/thing").getByRole("button", { name: "Delete" }).click();
    await page.getByText("No other issuer's tokens are trusted").waitFor();
    await row("of the build machine").getByRole("button", { name: "Delete" }).click();
    await page.getByText("No certificates have been added").waitFor();
  });

  test("an enterprise application tells who consented to what, and its roles are given and taken back", async () => {
    await portal.visit("enterprise-applications");
    await link("batch-application");
    await region("Permissions").getByText("for the application itself").first().waitFor();
    await press("Add assignment");
    await select("Administrator");
    await choose("Role", "Night watch");
    await press("Assign");
    await dialogGone();
    await row("Night watch").getByRole("button", { name: "Remove" }).click();
    await page.getByText("Nobody holds a role of this application").waitFor();
  });

  test("of a group within a group the members are seen, and membership is changed", async () => {
    for (const name of ["inner", "outer"]) {
      await portal.visit("groups");
      await press("New group");
      await fill("Name", name);
      await press("Create");
      await dialogGone();
      await link(name);
      await press("Add member");
      await select(name === "inner" ? "Administrator" : "inner");
      await press("Add");
      await dialogGone();
    }
    const nested = region("With groups within");
    await nested.getByRole("button", { name: "inner" }).click();
    await nested.getByText("Administrator").waitFor();
    await region("Members").getByRole("button", { name: "Remove" }).click();
    await nested.getByText("Nobody.").waitFor();
  });

  test.skipIf(namespaceObstacle !== undefined)(
    "Configure managed identities in Batch pools: identity, pool with it, and a token in a task that does what the identity may",
    async () => {
      const { account } = portal.service.ready;
      await portal.visit("identities");
      await press("Create");
      await fill("Name", "worker");
      await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
      await dialogGone();
      await link("worker");
      await press("Create a pool with it");
      await fill("Pool ID", "with-identity");
      await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
      await dialogGone();
      await region("Pools with it").getByRole("link", { name: "with-identity" }).waitFor();

      await portal.visit(`accounts/${account}/access`);
      await press("Add role assignment");
      await choose("Role", /^Reader$/);
      await select("worker");
      await press("Save");
      await dialogGone();

      const { jobs, tasks } = portal.batch;
      await jobs.add({ id: "asks", poolInfo: { poolId: "with-identity" } });
      await tasks.add("asks", {
        id: "token",
        commandLine: `/bin/bash -c 'eval "$SCRIPT"'`,
        environmentSettings: [{ name: "SCRIPT", value: USE_TOKEN }],
      });
      await portal.visit(`accounts/${account}/jobs/asks/tasks/token`);
      await page.getByText("the jobs: 200").waitFor();
    },
  );

  test.skipIf(namespaceObstacle !== undefined)(
    "a token as a node gets it is the identity's, and nothing of the task for it is left",
    async () => {
      await portal.visit(`accounts/${portal.service.ready.account}/pools/with-identity`);
      await page.getByRole("group", { name: "Nodes by state" }).getByRole("button").first().click();
      await press("Get a token");
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button", { name: "Get token" }).click();
      await dialog.getByText("https://batch.core.windows.net/", { exact: true }).waitFor();
      await dialog.getByRole("button", { name: "Copy the token" }).waitFor();
      await dialog.getByRole("button", { name: "Done" }).click();
      await expect
        .poll(async () => (await portal.batch.jobs.list().toArray()).map(({ id }) => id))
        .toEqual(["asks"]);
    },
  );
});
