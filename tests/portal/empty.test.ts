/** The first pages of a new account: wherever a list has nothing yet, it says what it is for, and has a command that can be copied. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { missing } from "../wire/client-program.fixture.ts";
import { CHROMIUM } from "../wire/entra/chromium.fixture.ts";
import { IMAGE } from "./image.fixture.ts";
import { openPortal, type Portal } from "./portal.fixture.ts";

describe.skipIf(missing("Chromium", CHROMIUM, ["--version"]))("a new account", { timeout: 60_000 }, () => {
  let portal: Portal;
  let page: Page;
  beforeAll(async () => {
    portal = await openPortal();
    page = portal.page;
    await portal.signIn();
  }, 180_000);
  afterAll(() => portal?.close());

  /** What teaches on a page, and the commands beside it. */
  async function taught(path: string): Promise<{ text: string; commands: string[] }> {
    await portal.visit(path);
    await portal.settled();
    const empty = page.locator(".empty-list, .first-steps");
    await empty.first().waitFor();
    return {
      text: (await empty.locator("p").allTextContents()).join(" "),
      commands: await empty.locator(".command-line code").allTextContents(),
    };
  }

  const LISTS: readonly (readonly [path: string, text: RegExp, command: RegExp])[] = [
    ["accounts/ACCOUNT/jobs", /Three things to do next/, /^npm run demo$/],
    ["accounts/ACCOUNT/pools", /Tasks run on the nodes of a pool/, /^az batch pool create .*--image /],
    ["accounts/ACCOUNT/schedules", /again and again/, /^az batch job-schedule create /],
    ["accounts/ACCOUNT/applications", /zip archives/, /^az batch application create -n ACCOUNT /],
    ["accounts/ACCOUNT/certificates", /no certificate/, /^az batch certificate create /],
    ["accounts/ACCOUNT/access?tab=deny", /Nothing is denied/, /denyAssignments/],
    ["groups", /held by all of its members/, /^az ad group create /],
    ["identities", /sign in without a secret/, /^az identity create /],
    ["refusals", /would have helped/, /access audit$/],
  ];

  test.each(LISTS)(
    "%s says what it is for, and with which command one begins",
    async (path, text, command) => {
      const { account } = portal.service.ready;
      const shown = await taught(path.replace("ACCOUNT", account));
      expect(shown.text).toMatch(text);
      expect(shown.commands.map((line) => line.replace(account, "ACCOUNT"))[0]).toMatch(command);
    },
  );

  test("an application that was just registered teaches the same way: secrets, certificates, roles, owners", async () => {
    await portal.visit("applications/new");
    await page.getByLabel("Name", { exact: true }).fill("new");
    await page.getByRole("button", { name: "Register" }).click();
    await page.getByRole("heading", { name: "new", level: 1 }).waitFor();
    const app = new URL(page.url()).pathname.replace("/portal/", "");
    const appId = app.split("/").at(-1);
    expect((await taught(`${app}/secrets`)).commands).toEqual([
      `az ad app credential reset --id ${appId} --append`,
      `az ad app credential reset --id ${appId} --cert @certificate.pem --append`,
      expect.stringMatching(/^az ad app federated-credential create --id /),
    ]);
    expect((await taught(`${app}/roles`)).commands).toEqual([
      `az ad app update --id ${appId} --app-roles @roles.json`,
    ]);
  });

  test("so do a pool without nodes and a job without tasks, and the command is copied by its button", async () => {
    const { account } = portal.service.ready;
    await portal.batch.pools.add({
      id: "empty",
      vmSize: "standard_d1_v2",
      virtualMachineConfiguration: IMAGE,
    });
    await portal.batch.jobs.add({ id: "empty", poolInfo: { poolId: "empty" } });
    const resize = "az batch pool resize --pool-id empty --target-dedicated-nodes 1";
    expect((await taught(`accounts/${account}/pools/empty`)).commands).toEqual([resize]);
    const { commands } = await taught(`accounts/${account}/jobs/empty`);
    expect(commands).toEqual([expect.stringMatching(/^az batch task create --job-id empty /)]);
    await page.locator(".empty-list").getByRole("button", { name: "Copy the command" }).click();
    await page.getByText("Copied", { exact: true }).waitFor();
  });

  test("a filter that leaves nothing is not taken for a new account", async () => {
    await portal.visit(`accounts/${portal.service.ready.account}/pools?text=nothing`);
    await page.getByText("No pool is like that.").waitFor();
    expect(await page.locator(".empty-list").count()).toBe(0);
  });
});
