/** The pages in a real browser: a single-page application signs a user in with MSAL, and every page can be read and used. */
import { once } from "node:events";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Application } from "../../../src/app/directory/application.ts";
import { missing } from "../client-program.fixture.ts";
import { postForm } from "../raw-request.fixture.ts";
import { CHROMIUM, type Chromium, openChromium } from "./chromium.fixture.ts";
import {
  authorizeUrl,
  BATCH,
  BATCH_PERMISSION,
  BATCH_SCOPE,
  openSignInDoor,
  pkce,
  type SignInDoor,
} from "./sign-in.fixture.ts";

/** As the package brings it for pages; what it exports to programs are modules. */
const MSAL = fileURLToPath(
  new URL("../../../node_modules/@azure/msal-browser/lib/msal-browser.min.js", import.meta.url),
);
const WIDTHS = [375, 1280];
/** Where pictures of the pages go, for whoever wants to look at them. */
const pictures = process.env.BATCHYARD_PICTURES;

/** Signs in by redirect, then silently by its refresh token, and shows what it got as the document's title. */
const APPLICATION = (clientId: string, authority: string) => `<!doctype html><title>starting</title>
<script src="/msal.js"></script>
<script type="module">
const scopes = ["${BATCH}/user_impersonation"];
const auth = { clientId: "${clientId}", authority: "${authority}", knownAuthorities: ["${new URL(authority).host}"],
  redirectUri: location.origin + "/" };
const claims = (t) => JSON.parse(atob(t.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
try {
  const app = await msal.createStandardPublicClientApplication({ auth });
  const signedIn = await app.handleRedirectPromise();
  if (signedIn === null) await app.loginRedirect({ scopes });
  else {
    const again = await app.acquireTokenSilent({ scopes, account: signedIn.account, forceRefresh: true });
    const { aud, scp, upn } = claims(again.accessToken);
    window.seen = { aud, scp, upn, user: signedIn.account.username, cached: again.fromCache };
    document.title = "signed in";
  }
} catch (error) {
  document.title = "failed: " + error;
}
</script>`;

describe.skipIf(missing("Chromium", CHROMIUM, ["--version"]))("in Chromium", { timeout: 60_000 }, () => {
  let door: SignInDoor;
  let browser: Chromium;
  let site: Server;
  let origin: string;
  let app: Application;
  beforeAll(async () => {
    door = await openSignInDoor();
    site = createServer((request, response) => {
      const isScript = request.url === "/msal.js";
      response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
      if (request.url === "/blank") return response.end("<!doctype html><title>blank</title>");
      const authority = `https://localhost:${door.main.port}/${door.tenantId}`;
      response.end(isScript ? readFileSync(MSAL) : APPLICATION(app.appId, authority));
    }).listen(0, "localhost");
    await once(site, "listening");
    origin = `http://localhost:${(site.address() as AddressInfo).port}`;
    app = await door.register({
      spa: { redirectUris: [`${origin}/`, `${origin}/blank`] },
      requiredResourceAccess: [BATCH_PERMISSION],
    });
    browser = await openChromium(door.main.port, door.ca);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    site?.close();
    await door?.close();
  });

  test("@azure/msal-browser signs a user in, who uses the keyboard alone", async () => {
    const page = await browser.context.newPage();
    await page.goto(origin);
    await page.waitForSelector("#username");
    // The field has the focus.
    await page.keyboard.type("ann@test.example");
    await page.keyboard.press("Tab");
    await page.keyboard.type(door.password);
    await page.keyboard.press("Enter");
    await page.waitForSelector("button[value=accept]");
    await tabTo(page, "button[value=accept]");
    await page.keyboard.press("Enter");
    // The pages' own policy would not let the next line look at them.
    await page.waitForURL(`${origin}/**`);
    await page.waitForFunction("/^signed in|^failed/.test(document.title)");
    expect(await page.title()).toBe("signed in");
    expect(await page.evaluate("window.seen")).toEqual({
      aud: BATCH,
      scp: "user_impersonation",
      upn: "ann@test.example",
      user: "ann@test.example",
      cached: false,
    });
    await page.close();
  });

  test("a page reads the answer out of the window that it opened, as MSAL does up to version 4", async () => {
    const page = await browser.context.newPage();
    await page.goto(`${origin}/blank`);
    await browser.context.clearCookies();
    const url = authorizeUrl(door, {
      client_id: app.appId,
      redirect_uri: `${origin}/blank`,
      response_mode: "fragment",
      code_challenge: pkce().challenge,
      code_challenge_method: "S256",
    });
    const opened = page.waitForEvent("popup");
    await page.evaluate(`window.opened = window.open(${JSON.stringify(url)}, "sign-in", "popup")`);
    const popup = await opened;
    await popup.fill("#username", "ann@test.example");
    await popup.fill("#password", door.password);
    await popup.click("[value=sign-in]");
    await popup.waitForURL(`${origin}/blank#code=*`);
    expect(await page.evaluate("[opened.closed, opened.location.hash]")).toEqual([
      false,
      expect.stringMatching(/^#code=/),
    ]);
    await popup.close();
    await page.close();
  });

  test("every page fits a phone and a desk, has a heading and labels, and breaks no policy of its own", async () => {
    const broken: string[] = [];
    const page = await browser.context.newPage();
    page.on("console", (message) => {
      if (/Content Security Policy/i.test(message.text())) broken.push(message.text());
    });
    await browser.context.clearCookies();
    const plain = `http://localhost:${door.plain.port}`;

    const device = await postForm(
      door,
      `/${door.tenantId}/oauth2/v2.0/devicecode`,
      new URLSearchParams({ client_id: door.app.appId, scope: BATCH_SCOPE }).toString(),
    );
    await page.goto(device.json.verification_uri);
    await expectReadable(page, "device");
    await page.fill("[name=user_code]", device.json.user_code);
    await page.click("[value=code]");
    await expectReadable(page, "sign-in");
    await page.fill("#username", "admin@test.example");
    await page.fill("#password", "not it");
    await page.click("[value=sign-in]");
    await expectReadable(page, "sign-in-wrong");
    await page.fill("#password", door.password);
    await page.click("[value=sign-in]");
    await expectReadable(page, "device-confirm");
    await page.click("[value=confirm]");
    await expectReadable(page, "device-consent");

    await page.goto(authorizeUrl(door, { prompt: "consent" }));
    await expectReadable(page, "account-or-consent");
    await page.goto(authorizeUrl(door, { prompt: "select_account" }));
    await expectReadable(page, "account");
    await page.goto(
      `${plain}/${door.tenantId}/adminconsent?client_id=${door.app.appId}&redirect_uri=${encodeURIComponent("http://localhost:5005/back")}`,
    );
    await expectReadable(page, "admin-consent");
    await page.goto(authorizeUrl(door, { redirect_uri: "http://localhost:5005/elsewhere" }));
    await expectReadable(page, "error");
    expect(broken).toEqual([]);
    await page.close();
  });
});

/** Presses Tab until the element has the focus. @throws Error when the keyboard does not come there */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let press = 0; press < 12; press++) {
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

const LAYOUT = `({
  overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  headings: document.querySelectorAll("h1").length,
  unlabelled: [...document.querySelectorAll("input:not([type=hidden])")].filter(({ labels }) => !labels.length).length,
  lang: document.documentElement.lang,
})`;

async function expectReadable(page: Page, name: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    if (pictures !== undefined) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `${name}-${width}.png`), fullPage: true });
    }
    const seen = await page.evaluate(LAYOUT);
    expect(seen, `${name} at ${width}`).toEqual({ overflow: 0, headings: 1, unlabelled: 0, lang: "en" });
  }
}
