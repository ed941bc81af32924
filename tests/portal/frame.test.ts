/** How the portal is served, who may open it, and what its first page costs. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { portalFolder } from "../../src/service/product.ts";
import { missing } from "../wire/client-program.fixture.ts";
import { CHROMIUM, openChromium } from "../wire/entra/chromium.fixture.ts";
import { openPortal, type Portal } from "./portal.fixture.ts";

/** Bytes of scripts, as brotli compresses them, before the first page is there. */
const FIRST_LOAD_MAX = 220_000;

describe.skipIf(missing("Chromium", CHROMIUM, ["--version"]))("the portal", { timeout: 60_000 }, () => {
  let portal: Portal;
  beforeAll(async () => {
    portal = await openPortal();
  }, 180_000);
  afterAll(() => portal?.close());

  test("the plain port leads to it, and serves it compressed, for good, and under a policy without inline code", async () => {
    const { service, url } = portal;
    const root = await fetch(service.ready.portal ?? "", { redirect: "manual" });
    expect([root.status, root.headers.get("location")]).toEqual([302, "/portal/"]);
    const page = await fetch(url);
    const policy = page.headers.get("content-security-policy");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    const script = /src="(\/portal\/assets\/[^"]+\.js)"/.exec(await page.text())?.[1];
    const asset = await fetch(new URL(script ?? "", url), { headers: { "accept-encoding": "br" } });
    expect(Object.fromEntries(asset.headers)).toMatchObject({
      "content-encoding": "br",
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
    });
    expect((await fetch(new URL("/portal/assets/..%2f..%2fseal.key", url))).status).toBe(404);
  });

  test("in clear, planes answer only the scripts of pages that came from there", async () => {
    const { ready } = portal.service;
    const headers = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" };
    for (const path of [
      "subscriptions?api-version=2022-12-01",
      `blob/${ready.storageAccount}/container/blob`,
    ]) {
      expect((await fetch(`${ready.plain}/${path}`)).status).toBe(404);
      expect((await fetch(`${ready.plain}/${path}`, { headers })).status).toBe(404);
    }
  });

  test("a user signs in, finds the account, and signs out", async () => {
    const { page, service } = portal;
    await portal.signIn();
    await page.getByRole("link", { name: service.ready.account }).first().click();
    await page.getByRole("heading", { name: service.ready.account, level: 1 }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: service.ready.account, level: 1 }).waitFor();
    await page.getByRole("button", { name: /^Account/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByLabel("Password").waitFor();
    expect(
      await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes("token"))),
    ).toEqual([]);
  });

  test("through the proxy it is portal.azure.com, and signs in there", async () => {
    const { service } = portal;
    const browser = await openChromium(Number(new URL(service.ready.login).port), service.ca, {
      names: ["portal.azure.com"],
      options: [`--proxy-server=${service.ready.proxy}`],
    });
    try {
      const page = await browser.context.newPage();
      await page.goto("https://portal.azure.com/");
      await page.getByLabel("User name").fill(service.ready.username ?? "");
      await page.getByLabel("Password").fill(service.ready.password ?? "");
      await page.keyboard.press("Enter");
      await page.getByRole("link", { name: service.ready.account }).first().waitFor();
      expect(new URL(page.url()).origin).toBe("https://portal.azure.com");
    } finally {
      await browser.close();
    }
  });

  test(`before its first page come at most ${FIRST_LOAD_MAX / 1000} kB of scripts`, async () => {
    const { page, url } = portal;
    await portal.signIn();
    const loaded = new Set(
      await page.evaluate(() => {
        const shownAt = performance.getEntriesByName("page")[0]?.startTime ?? Number.POSITIVE_INFINITY;
        const before = performance
          .getEntriesByType("resource")
          .filter(({ startTime }) => startTime < shownAt);
        return before.map(({ name }) => new URL(name).pathname);
      }),
    );
    const assets = join(portalFolder, "assets");
    const scripts = readdirSync(assets).filter(
      (name) => name.endsWith(".js") && loaded.has(`/portal/assets/${name}`),
    );
    const bytes = scripts.reduce((sum, name) => sum + statSync(join(assets, `${name}.br`)).size, 0);
    expect(scripts.length).toBeGreaterThan(1);
    expect(bytes, `${url} loads ${bytes} bytes`).toBeLessThan(FIRST_LOAD_MAX);
  });
});
