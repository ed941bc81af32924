/** Names and output that somebody chose to do harm with are shown as text: nothing runs, and the pages' policy had nothing to stop. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { missing } from "../wire/client-program.fixture.ts";
import { CHROMIUM } from "../wire/entra/chromium.fixture.ts";
import { openPortal, type Portal } from "./portal.fixture.ts";

const MARKUP = `"><img src=x onerror="window.pwned=1"><script>window.pwned=1</script>`;
const LINK = "javascript:window.pwned=1";
const RIGHT_TO_LEFT = "\u202Egpj.exe\u2066";
const LONG = 100_000;
/** Markup, a link of a terminal, the cursor sent home, the screen cleared, a title set, colours without end, and a very long line. */
const OUTPUT = [
  `printf '%s\\n' "$MARKUP" "$LINK" "$MARKS"`,
  `printf '\\033]8;;%s\\033\\\\click me\\033]8;;\\033\\\\\\n' "$LINK"`,
  `printf '\\033[2J\\033[H\\033]0;owned\\007\\033[38;5;1mred\\033[999999m\\n'`,
  `head -c ${LONG} /dev/zero | tr '\\0' x; echo; echo the end`,
  `: > "<svg onload=alert(1)>.txt"`,
].join("; ");

describe.skipIf(missing("Chromium", CHROMIUM, ["--version"]))("hostile names", { timeout: 60_000 }, () => {
  let portal: Portal;
  let page: Page;
  let account: string;
  const blocked: string[] = [];
  beforeAll(async () => {
    portal = await openPortal({ isolation: "process" });
    page = portal.page;
    account = portal.service.ready.account;
    await page.addInitScript(
      "addEventListener('securitypolicyviolation', (event) => console.error('blocked: ' + event.violatedDirective))",
    );
    page.on("console", (message) => message.text().startsWith("blocked:") && blocked.push(message.text()));
    page.on("dialog", (dialog) => void blocked.push(`dialog: ${dialog.message()}`));
    const { pools, jobs, tasks } = portal.batch;
    await pools.add({
      id: "pool",
      displayName: MARKUP,
      vmSize: "standard_d1_v2",
      virtualMachineConfiguration: {
        imageReference: { publisher: "canonical", offer: "0001-com-ubuntu-server-jammy", sku: "22_04-lts" },
        nodeAgentSKUId: "batch.node.ubuntu 22.04",
      },
      targetDedicatedNodes: 1,
    });
    await jobs.add({ id: "job", displayName: `${MARKUP}${RIGHT_TO_LEFT}`, poolInfo: { poolId: "pool" } });
    await tasks.add("job", {
      id: "task",
      displayName: MARKUP,
      commandLine: `/bin/sh -c 'eval "$OUTPUT"'`,
      environmentSettings: Object.entries({ OUTPUT, MARKUP, LINK, MARKS: RIGHT_TO_LEFT }).map(
        ([name, value]) => ({ name, value }),
      ),
    });
    await portal.signIn();
  }, 60_000);
  afterAll(() => portal?.close());

  const ran = () => page.evaluate(() => "pwned" in globalThis);

  test("what a task writes is text, whatever it is", async () => {
    await portal.visit(`accounts/${account}/jobs/job/tasks/task`);
    const output = page.getByRole("log", { name: "stdout.txt" });
    await output.getByText("the end").waitFor();
    await output.getByText(LINK, { exact: true }).or(output.getByText(LINK)).first().waitFor();
    expect(await output.locator("a, img, script, svg").count()).toBe(0);
    expect((await output.textContent())?.length).toBeGreaterThan(LONG);
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    expect(await page.title()).not.toContain("owned");
    await page.getByRole("button", { name: "Files", exact: true }).click();
    await page.getByText("<svg onload=alert(1)>.txt").first().waitFor();
    expect(await ran()).toBe(false);
  });

  test("names of jobs, pools, applications, groups and users are text on every page that has them", async () => {
    await portal.visit("applications/new");
    await page.getByRole("textbox", { name: "Name" }).fill(`${MARKUP}${RIGHT_TO_LEFT}`);
    await page.getByRole("textbox", { name: "Redirect URI" }).fill(LINK);
    await page.getByRole("button", { name: "Register" }).click();
    await page
      .getByRole("alert")
      .or(page.getByRole("heading", { name: MARKUP.slice(0, 10) }))
      .first()
      .waitFor();
    await portal.visit("groups");
    await page.getByRole("button", { name: "New group" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill(MARKUP);
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("link", { name: MARKUP }).click();
    await page.getByRole("heading", { name: MARKUP }).waitFor();
    const here = `accounts/${account}`;
    for (const path of [
      `${here}/jobs`,
      `${here}/jobs/job`,
      `${here}/pools`,
      `${here}/pools/pool`,
      "applications",
      "enterprise-applications",
      "activity",
      `${here}/access?text=${encodeURIComponent(MARKUP)}&tab=roles`,
    ]) {
      await portal.visit(path);
      await portal.settled();
      expect(await page.locator("main img, main script").count(), path).toBe(0);
      expect(await ran(), path).toBe(false);
    }
    const links = await page
      .locator("a")
      .evaluateAll((all) => all.map((each) => each.getAttribute("href") ?? ""));
    expect(links.filter((href) => href.startsWith("javascript:"))).toEqual([]);
    expect(blocked).toEqual([]);
  });

  test("an address that somebody prepared leads nowhere else", async () => {
    await page.goto(`${portal.url}${encodeURIComponent(MARKUP)}?tab=${encodeURIComponent(LINK)}#${LINK}`);
    await page.getByText("There is no such page").waitFor();
    await page.goto(`${portal.url}//evil.example/`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(new URL(page.url()).origin).toBe(new URL(portal.url).origin);
    expect(await ran()).toBe(false);
    expect(blocked).toEqual([]);
  });
});
