/** What belongs to a Batch account itself: applications with packages, certificates, storage, tags, ways to sign in, identity, quotas. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { missing } from "../wire/client-program.fixture.ts";
import { CHROMIUM } from "../wire/entra/chromium.fixture.ts";
import { seriousProblems } from "./axe.fixture.ts";
import { openPortal, type Portal } from "./portal.fixture.ts";

/** An archive with nothing in it: its end record alone. Source: APPNOTE.TXT, 4.3.16. */
const EMPTY_ZIP = Buffer.from("504b0506000000000000000000000000000000000000", "hex");

describe.skipIf(missing("Chromium", CHROMIUM, ["--version"]))(
  "a Batch account in the portal",
  { timeout: 60_000 },
  () => {
    let portal: Portal;
    let page: Page;
    let here: string;
    beforeAll(async () => {
      portal = await openPortal();
      page = portal.page;
      here = `accounts/${portal.service.ready.account}`;
      await portal.signIn();
    }, 180_000);
    afterAll(() => portal?.close());

    const press = (name: string) => page.getByRole("button", { name, exact: true }).click();

    async function save() {
      const changed = page.waitForResponse((response) => response.request().method() === "PATCH");
      await press("Save");
      expect((await changed).status()).toBe(200);
    }

    test("a package is uploaded through the page's own origin, activated, and known to the Batch service", async () => {
      await portal.visit(`${here}/applications`);
      await press("Add application");
      await page.getByLabel("Application ID").fill("tool");
      await press("Add");
      await press("Upload package");
      await page.getByLabel("Version").fill("1.0");
      await page
        .getByLabel("Zip archive")
        .setInputFiles({ name: "tool.zip", mimeType: "application/zip", buffer: EMPTY_ZIP });
      await press("Upload and activate");
      // What keeps the blobs starts when it is first needed.
      await page
        .getByRole("row")
        .filter({ hasText: "1.0" })
        .getByText("Active", { exact: true })
        .waitFor({ timeout: 40_000 });
      const [application] = await portal.batch.applications.list().toArray();
      expect(application).toMatchObject({ id: "tool", versions: ["1.0"] });
      await press("Make default");
      await page.getByText("1.0 (default)").waitFor();
    });

    test("tags and ways to sign in are changed, and nothing else of the account", async () => {
      await portal.visit(`${here}/tags`);
      await press("Add tag");
      await page.getByLabel("Name of tag 1").fill("team");
      await page.getByLabel("Value of tag 1").fill("render");
      await save();
      await page.reload();
      expect(await page.getByLabel("Value of tag 1").inputValue()).toBe("render");
      await page.getByRole("link", { name: "Authentication modes" }).click();
      await page.getByText(/^Task authentication token/).click();
      await save();
      await page.getByRole("link", { name: "Overview" }).click();
      await page.getByText("SharedKey, AAD", { exact: true }).waitFor();
    });

    test("each of its pages is there, and axe finds nothing serious on it", async () => {
      const found: string[] = [];
      const pages = [
        "applications",
        "certificates",
        "authentication",
        "identity",
        "storage",
        "tags",
        "quotas",
      ];
      for (const [index, path] of pages.entries()) {
        await page.emulateMedia({ colorScheme: index % 2 === 0 ? "dark" : "light" });
        await portal.visit(`${here}/${path}`);
        found.push(...(await seriousProblems(page)).map((problem) => `${path}: ${problem}`));
      }
      expect(found).toEqual([]);
      expect(await page.locator(".quotas").textContent()).toMatch(/Pools0 of \d+/);
    });
  },
);
