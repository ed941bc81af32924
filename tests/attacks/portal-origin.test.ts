/**
 * The portal, the sign-in pages and the blobs of all accounts have one origin on the main port: what somebody has written there is not to
 * become a page of it, which could sign in as whoever opens it.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { BatchClient } from "../wire/batch-client.fixture.ts";
import { SignedContainers } from "../wire/blob/signed-container.fixture.ts";
import { missing } from "../wire/client-program.fixture.ts";
import { CHROMIUM, type Chromium, openChromium } from "../wire/entra/chromium.fixture.ts";
import { type RunningService, runningService } from "../wire/running-service.fixture.ts";

/** Says in its title what it has won. */
const PAGE = `<!doctype html><title>nothing</title><script>
  const told = (what) => { document.title = what; };
  fetch("/portal/").then((reply) => told("won " + reply.status + " " + sessionStorage.length), (error) => told("lost " + error));
</script>`;
const DRAWING = `<svg xmlns="http://www.w3.org/2000/svg"><script>document.documentElement.setAttribute("won", sessionStorage.length)</script></svg>`;

let service: RunningService;
let containers: SignedContainers;
beforeAll(async () => {
  service = await runningService();
  containers = await SignedContainers.open(service, await BatchClient.connect(service));
  await containers.make("theirs");
  await put("page.html", "text/html", PAGE);
  await put("drawing.svg", "image/svg+xml", DRAWING);
}, 60_000);
afterAll(() => service?.close());

async function put(name: string, type: string, text: string): Promise<void> {
  const headers = { "x-ms-blob-type": "BlockBlob", "content-type": type };
  const { status } = await containers.send("PUT", signed(name), headers, Buffer.from(text));
  expect(status).toBe(201);
}

const signed = (name: string) => containers.url("theirs").replace("?", `/${name}?`);

/** The same blob at the portal's origin. */
function atPortal(name: string): string {
  const { pathname, search } = new URL(signed(name));
  return `${new URL(service.ready.login).origin}/blob${pathname}${search}`;
}

test("a page that somebody has written as a blob is one of the portal's origin", async () => {
  for (const name of ["page.html", "drawing.svg"]) {
    const asScript = await containers.send("GET", atPortal(name), {
      "sec-fetch-site": "same-origin",
      "sec-fetch-mode": "cors",
    });
    expect([asScript.status, asScript.headers["content-security-policy"]]).toEqual([
      200,
      "sandbox; default-src 'none'",
    ]);
    for (const dest of ["document", "iframe", "object"]) {
      const headers = {
        "sec-fetch-site": "same-origin",
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": dest,
      };
      expect((await containers.send("GET", atPortal(name), headers)).status).toBe(403);
    }
    // At its own port it is what it is, and no page of the portal's.
    const { status, headers } = await containers.send("GET", signed(name));
    expect([status, headers["content-security-policy"]]).toEqual([200, undefined]);
  }
});

const hasNoBrowser = missing("Chromium", CHROMIUM, ["--version"]);
test.skipIf(hasNoBrowser)("whoever opens such a page hands over what the portal knows", async () => {
  const browser: Chromium = await openChromium(Number(new URL(service.ready.login).port), service.ca);
  try {
    const page = await browser.context.newPage();
    await page.goto(atPortal("page.html"));
    expect(await page.title()).not.toMatch(/^won/);
    await page.waitForLoadState("networkidle");
    expect(await page.title()).not.toMatch(/^won/);
    await page.goto(atPortal("drawing.svg"));
    expect(await page.locator("[won]").count()).toBe(0);
  } finally {
    await browser.close();
  }
});
