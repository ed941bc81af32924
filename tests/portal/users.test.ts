/** Three users who may little walk through every page; what they may not do is not offered. Sessions of tabs are apart, and renewed in silence. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { missing } from "../wire/client-program.fixture.ts";
import { CHROMIUM } from "../wire/entra/chromium.fixture.ts";
import { noteSecret } from "../wire/seen-secrets.fixture.ts";
import { openPortal, type Portal } from "./portal.fixture.ts";

const PASSWORD = "Correct horse, 9 batteries";
const CUSTOM_ROLE = {
  roleName: "Azure Batch Custom Job Submitter",
  permissions: [
    {
      actions: [
        "Microsoft.Batch/*/read",
        "Microsoft.Authorization/*/read",
        "Microsoft.Resources/subscriptions/resourceGroups/read",
      ],
      dataActions: ["Microsoft.Batch/batchAccounts/jobs/*", "Microsoft.Batch/batchAccounts/jobSchedules/*"],
    },
  ],
};
const IMAGE = {
  imageReference: { publisher: "canonical", offer: "0001-com-ubuntu-server-jammy", sku: "22_04-lts" },
  nodeAgentSKUId: "batch.node.ubuntu 22.04",
};
const USERS = ["Reader", "Azure Batch Custom Job Submitter", "no role"] as const;
const upn = (index: number) => `user${index}@batchyard.onmicrosoft.com`;

describe.skipIf(missing("Chromium", CHROMIUM, ["--version"]))("users", { timeout: 120_000 }, () => {
  let portal: Portal;
  let page: Page;
  let account: string;
  beforeAll(async () => {
    portal = await openPortal();
    page = portal.page;
    account = portal.service.ready.account;
    noteSecret("a password", PASSWORD);
    await portal.batch.pools.add({
      id: "empty",
      vmSize: "standard_d1_v2",
      virtualMachineConfiguration: IMAGE,
    });
    await portal.batch.pools.add({
      id: "scaling",
      vmSize: "standard_d1_v2",
      virtualMachineConfiguration: IMAGE,
      enableAutoScale: true,
      autoScaleFormula: "$TargetDedicatedNodes = 0;",
    });
    await portal.batch.jobs.add({ id: "job", poolInfo: { poolId: "empty" } });
    await portal.batch.tasks.add("job", { id: "task", commandLine: "true" });
    await portal.signIn();
    // As the administrator, with the portal's own tokens and its own requests.
    await page.evaluate(
      async ({ role, users, password, subscription }) => {
        const tokens = Object.values(sessionStorage).flatMap((text) => {
          try {
            return JSON.parse(text) as { credentialType?: string; secret?: string; target?: string };
          } catch {
            return [];
          }
        });
        const token = (host: string) =>
          tokens.find(
            ({ credentialType, target }) => credentialType === "AccessToken" && target?.includes(host),
          )?.secret;
        const send = async (host: string, method: string, path: string, body: object) => {
          const response = await fetch(path, {
            method,
            headers: { authorization: `Bearer ${token(host)}`, "content-type": "application/json" },
            body: JSON.stringify(body),
          });
          if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
          return (await response.json()) as { readonly id: string };
        };
        const arm = (path: string, properties: object) =>
          send(
            "management.azure.com",
            "PUT",
            `${subscription}/providers/Microsoft.Authorization/${path}?api-version=2022-04-01`,
            { properties },
          );
        const custom = await arm(`roleDefinitions/${crypto.randomUUID()}`, {
          ...role,
          type: "CustomRole",
          assignableScopes: [subscription],
        });
        const reader = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7`;
        for (const [index, userPrincipalName] of users.entries()) {
          const { id: principalId } = await send("graph.microsoft.com", "POST", "/v1.0/users", {
            displayName: `User ${index}`,
            userPrincipalName,
            mailNickname: `user${index}`,
            accountEnabled: true,
            passwordProfile: { password, forceChangePasswordNextSignIn: false },
          });
          const roleDefinitionId = [reader, custom.id][index];
          if (roleDefinitionId)
            await arm(`roleAssignments/${crypto.randomUUID()}`, {
              roleDefinitionId,
              principalId,
              principalType: "User",
            });
        }
      },
      {
        role: CUSTOM_ROLE,
        users: USERS.map((_, index) => upn(index)),
        password: PASSWORD,
        subscription: `/subscriptions/${portal.service.ready.subscriptionId}`,
      },
    );
  }, 90_000);
  afterAll(() => portal?.close());

  /** Whatever can be pressed that is neither grey nor harmless. */
  async function offered(): Promise<string[]> {
    const names = await page
      .locator("main button:visible:not([disabled]):not([aria-disabled=true])")
      .allInnerTexts();
    return names.map((name) => name.trim()).filter((name) => CHANGES.test(name));
  }

  test.each(USERS.map((name, index) => [name, index] as const))(
    "%s: no page shows an error, and nothing is offered that they may not do",
    async (name, index) => {
      await page.context().clearCookies();
      await page.evaluate(() => sessionStorage.clear());
      await portal.signIn({ username: upn(index), password: PASSWORD });
      const may = name === "Azure Batch Custom Job Submitter" ? MAY_SUBMIT : /^$/;
      const here = `accounts/${account}`;
      const scope = `subscriptions/${portal.service.ready.subscriptionId}`;
      const app = `applications/${portal.service.ready.clientId}`;
      const directoryPages = [
        ...["accounts", "subscriptions", "applications", "applications/new", app, `${app}/authentication`],
        ...[`${app}/secrets`, `${app}/permissions`, `${app}/roles`, `${app}/owners`],
        ...["enterprise-applications", "tenant", "users", "groups", "activity"],
      ];
      const found: string[] = [];
      for (const path of [
        ...["", here, `${here}/keys`, `${here}/jobs`, `${here}/jobs/job`, `${here}/jobs/job/tasks/task`],
        ...[`${here}/schedules`, `${here}/pools`, `${here}/pools/empty`, `${here}/pools/scaling`],
        ...["timeline", "charts", "dependencies"].map((tab) => `${here}/jobs/job?tab=${tab}`),
        ...["add-tasks", "tasks/task"].map((page) => `${here}/jobs/job/${page}`),
        ...["applications", "certificates", "authentication", "identity", "storage", "tags", "quotas"].map(
          (page) => `${here}/${page}`,
        ),
        ...["new-job", "new-pool", "new-schedule", "pools/scaling/autoscale"].map(
          (page) => `${here}/${page}`,
        ),
        ...["", "?tab=check", "?tab=roles", "?tab=new-role", "?tab=deny"].map(
          (tab) => `${here}/access${tab}`,
        ),
        ...[`${scope}/access`, `${scope}/groups/batchyard/access`, "identities", "refusals"],
        // In the directory none of the three holds a role.
        ...(name === "no role" ? directoryPages : []),
      ]) {
        await portal.visit(path);
        await portal.settled();
        const errors = await page.locator(".refusal:visible, [role=alert]:visible").allInnerTexts();
        found.push(...errors.map((error) => `${path} says: ${error.slice(0, 120)}`));
        const isForm = /\/(new-\w+|add-tasks|tags)$/.test(path);
        const wrong = (await offered()).filter((each) => !may.test(each) && !(isForm && FORM_ROW.test(each)));
        found.push(...wrong.map((each) => `${path} offers: ${each}`));
      }
      expect(found).toEqual([]);
      if (name !== "Reader") return;
      await portal.visit(`${here}/jobs/job`);
      const add = page.getByRole("button", { name: /^Add tasks\. You lack the data action .*jobs\/write/ });
      expect(await add.getAttribute("aria-label")).toContain("Azure Batch Job Submitter");
    },
  );

  test("another tab's user is another; tokens lie in the tab alone, and are renewed in silence", async () => {
    const { username, password } = portal.service.ready;
    const other = await portal.browser.context.newPage();
    await other.clock.install();
    await other.context().clearCookies();
    await other.goto(portal.url);
    await other.getByLabel("User name").fill(username ?? "");
    await other.getByLabel("Password").fill(password ?? "");
    await other.keyboard.press("Enter");
    await other.getByRole("button", { name: `Account: ${username}` }).waitFor();
    const inBrowser = await other.evaluate(() => JSON.stringify(localStorage));
    expect(inBrowser).not.toMatch(/secret|eyJ/);
    await page.reload();
    await page.getByRole("button", { name: `Account: ${upn(2)}` }).waitFor();

    // A page whose tokens have all but ended asks for new ones, and nobody is asked anything.
    const renewed = other.waitForRequest(
      (request) => request.postData()?.includes("grant_type=refresh_token") === true,
    );
    await other.clock.fastForward(3_600_000);
    await other.getByRole("link", { name: "Users" }).first().click();
    await renewed;
    await other
      .getByRole("row")
      .filter({ hasText: upn(0) })
      .waitFor();
    await other.close();
  });

  test("a session that ends says so, and keeps what was typed until its user has signed in again", async () => {
    const { username, password } = portal.service.ready;
    const tab = await portal.browser.context.newPage();
    tab.setDefaultTimeout(15_000);
    const signIn = async () => {
      await tab.getByLabel("User name").fill(username ?? "");
      await tab.getByLabel("Password").fill(password ?? "");
      await tab.keyboard.press("Enter");
    };
    await tab.clock.install();
    await tab.context().clearCookies();
    await tab.goto(`${portal.url}accounts/${account}/new-job`);
    await signIn();
    await tab.getByLabel("Job ID").fill("kept");
    // Elsewhere the user ends all sessions, this one's refresh token with them.
    await tab.evaluate(async () => {
      const held = Object.values(sessionStorage).find(
        (text) => text.includes("AccessToken") && text.includes("graph.microsoft.com"),
      );
      const { secret } = JSON.parse(held ?? "{}") as { secret?: string };
      const headers = { authorization: `Bearer ${secret}` };
      const reply = await fetch("/v1.0/me/revokeSignInSessions", { method: "POST", headers });
      if (!reply.ok) throw new Error(await reply.text());
    });
    await tab.clock.fastForward(3_600_000);
    await tab.getByLabel("Pool", { exact: true }).fill("empty");
    await tab.getByRole("button", { name: "Create job" }).click();
    await tab.getByText("Your session has ended.").waitFor();
    expect(await tab.getByLabel("Job ID").inputValue()).toBe("kept");
    await tab.getByRole("button", { name: "Sign in again" }).click();
    await signIn();
    await tab.getByText("What you had typed here is still there.").waitFor();
    expect(await tab.getByLabel("Job ID").inputValue()).toBe("kept");
    expect(await tab.getByLabel("Pool", { exact: true }).inputValue()).toBe("empty");
    await tab.getByRole("button", { name: "Create job" }).click();
    await tab.getByRole("heading", { name: "kept", level: 1 }).waitFor();
    await tab.close();
  });
});

/** Words that buttons begin with that change something. */
const CHANGES =
  /^(Add|Assign|Change|Clone|Create|Delete|Disable|Enable|Evaluate|Get|Grant|New|Reactivate|Reboot|Regenerate|Register|Reimage|Remove|Resize|Revoke|Save|Show keys|Start recording|Stop|Terminate|Update|Upload)\b/;
/** Changes what is being filled in, and nothing else. */
const FORM_ROW = /^Add (setting|file|package|user|tag)$/;
const MAY_SUBMIT =
  /^(Add job|Add tasks?|Clone|Create job|Delete|Disable|Enable|New job|Reactivate|Start recording|Terminate|Add schedule)/;
