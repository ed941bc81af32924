/** What the pages show and offer: live counts, output as text, names as text, and to each user what that user may do. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { missing } from "../wire/client-program.fixture.ts";
import { CHROMIUM } from "../wire/entra/chromium.fixture.ts";
import { seriousProblems } from "./axe.fixture.ts";
import { IMAGE } from "./image.fixture.ts";
import { openPortal, type Portal } from "./portal.fixture.ts";

const MARKUP = `<img src=x onerror="window.pwned=1">`;
const HOSTILE_NAME = `${MARKUP}\u202Etxt.exe`;

describe.skipIf(missing("Chromium", CHROMIUM, ["--version"]))(
  "the portal's pages",
  { timeout: 60_000 },
  () => {
    let portal: Portal;
    let account: string;
    beforeAll(async () => {
      portal = await openPortal({ isolation: "process" });
      account = portal.service.ready.account;
      const { pools, jobs, tasks } = portal.batch;
      await pools.add({
        id: "work",
        vmSize: "standard_d1_v2",
        virtualMachineConfiguration: IMAGE,
        targetDedicatedNodes: 1,
      });
      await pools.add({ id: "empty", vmSize: "standard_d1_v2", virtualMachineConfiguration: IMAGE });
      await jobs.add({ id: "waiting", poolInfo: { poolId: "empty" } });
      await jobs.add({ id: "ran", poolInfo: { poolId: "work" } });
      await tasks.add("ran", { id: "good", commandLine: "/bin/sh -c 'echo fine'" });
      await tasks.add("ran", {
        id: "bad",
        commandLine: `/bin/sh -c 'printf "%s\\n\\033[1;31mred\\033[0m" "$HOSTILE" >&2; exit 3'`,
        environmentSettings: [{ name: "HOSTILE", value: MARKUP }],
      });
      await portal.signIn();
    }, 60_000);
    afterAll(() => portal?.close());

    test("a job's counts move on the page without reload", async () => {
      const { page, visit, batch } = portal;
      await visit(`accounts/${account}/jobs`);
      const row = page.getByRole("row").filter({ hasText: "waiting" });
      await row.getByText("0 of 0").waitFor();
      await batch.tasks.addCollection(
        "waiting",
        [1, 2, 3].map((n) => ({ id: `t${n}`, commandLine: "true" })),
      );
      await row.getByText("0 of 3").waitFor({ timeout: 5_000 });
    });

    test("of a job's tasks those that failed are shown alone, with what they wrote, as text in its colours", async () => {
      const { page, visit } = portal;
      await visit(`accounts/${account}/jobs/ran?state=failed`);
      await page.getByRole("link", { name: "bad" }).waitFor();
      expect(await page.getByRole("link", { name: "good" }).count()).toBe(0);
      await page.getByRole("link", { name: "bad" }).click();
      await page.getByText("usererror: FailureExitCode").waitFor();
      await page.getByRole("button", { name: "stderr.txt" }).click();
      const output = page.getByRole("log", { name: "stderr.txt" });
      await output.getByText(MARKUP).waitFor();
      expect(await output.locator("[data-ansi='bold red']").textContent()).toBe("red");
    });

    test("a name with markup is shown as text, and nothing of it runs", async () => {
      const { page, visit } = portal;
      await visit("applications/new");
      await page.getByLabel("Name", { exact: true }).fill(HOSTILE_NAME);
      await page.getByRole("button", { name: "Register" }).click();
      await page.getByRole("heading", { name: MARKUP }).waitFor();
      await visit("applications");
      await page.getByRole("link", { name: MARKUP }).waitFor();
      expect(await page.evaluate(() => "pwned" in globalThis)).toBe(false);
    });

    test("where the service does not answer the page says so, and goes on by itself", async () => {
      const { page, visit } = portal;
      await visit(`accounts/${account}/pools`);
      await page.getByRole("link", { name: "work" }).waitFor();
      await page.route("**/batch/**", (route) => route.abort());
      await page.getByText("The service does not answer").waitFor();
      expect(await page.getByRole("button", { name: "Add pool" }).isVisible()).toBe(true);
      await page.unroute("**/batch/**");
      await page.getByText("The service does not answer").waitFor({ state: "detached" });
      await page.getByRole("link", { name: "work" }).waitFor();
    });

    test("axe finds nothing serious on any page, in light and dark", { timeout: 150_000 }, async () => {
      const { page, visit, service } = portal;
      const here = `accounts/${account}`;
      const app = `applications/${service.ready.clientId}`;
      const pages = [
        ...["", "all-services", "accounts", here, `${here}/keys`, `${here}/jobs`, `${here}/jobs/ran`],
        ...[
          `${here}/jobs/ran/tasks/bad`,
          `${here}/pools`,
          `${here}/pools/work`,
          `${here}/access`,
          "applications",
        ],
        ...[
          `${here}/access?tab=roles`,
          `${here}/access?tab=new-role`,
          "subscriptions",
          app,
          `${app}/authentication`,
          `${app}/roles`,
          "enterprise-applications",
          `${app}/permissions`,
          `${app}/secrets`,
          "applications/new",
          "tenant",
        ],
        ...["users", "groups", "identities", "refusals", "activity"],
      ];
      const found: string[] = [];
      for (const [index, path] of pages.entries()) {
        await page.emulateMedia({ colorScheme: index % 2 === 0 ? "light" : "dark" });
        await visit(path);
        found.push(...(await seriousProblems(page)).map((problem) => `${path}: ${problem}`));
      }
      await page.emulateMedia({ colorScheme: "light" });
      expect(found).toEqual([]);
    });
  },
);
