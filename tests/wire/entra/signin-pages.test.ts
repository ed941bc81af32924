/** The pages against those who would misuse them: other sites, frames, and applications that change what they ask for. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { applicationUpdate, USER_READ } from "../../../src/app/directory/application.ts";
import { delegatedGrantList } from "../../../src/app/directory/delegated-grant.ts";
import { TestBrowser } from "../browser.fixture.ts";
import { sendPlain } from "../raw-request.fixture.ts";
import { authorizeUrl, BATCH_PERMISSION, openSignInDoor, type SignInDoor } from "./sign-in.fixture.ts";

let door: SignInDoor;
beforeAll(async () => {
  door = await openSignInDoor();
});
afterAll(() => door.close());

const account = (username = "ann@test.example") => ({ username, password: door.password });

test("every page forbids scripts, framing and caching", async () => {
  const { headers, text } = await new TestBrowser(door).open(authorizeUrl(door));
  expect(headers).toMatchObject({ "x-frame-options": "DENY", "cache-control": "no-store" });
  const policy = headers["content-security-policy"];
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("script-src");
  expect(text).not.toContain("<script");
});

test("a page's text cannot be broken out of", async () => {
  const hint = `"><script>alert(1)</script>`;
  const { text } = await new TestBrowser(door).open(authorizeUrl(door, { login_hint: hint }));
  expect(text).not.toContain("<script>");
  expect(text).toContain("&lt;script&gt;");
});

test("a form from another site, or without the page's token, is refused", async () => {
  const browser = new TestBrowser(door);
  const page = await browser.open(authorizeUrl(door));
  for (const [typed, headers] of [
    [{ csrf: "x" }, {}],
    [{}, { origin: "https://evil.example" }],
    [{}, { origin: "null" }],
    [{}, { "sec-fetch-site": "same-site" }],
  ] as const) {
    const refused = await browser.submit(page, "sign-in", { ...account(), ...typed }, headers);
    expect([refused.status, refused.left]).toEqual([403, undefined]);
  }
  const stranger = new TestBrowser(door);
  expect((await stranger.submit(page, "sign-in", account())).status).toBe(403);
});

/** An application that asks for one permission when its page is shown, and for another more before it is answered. */
async function askingForMore() {
  const app = await door.register({
    publicClient: { redirectUris: ["http://localhost/back"] },
    requiredResourceAccess: [USER_READ],
  });
  const more = { registration: { requiredResourceAccess: [USER_READ, BATCH_PERMISSION] } };
  return { app, ask: () => applicationUpdate(door.directory, door.tenantId, app.appId, more) };
}

test("an answer counts for the permissions that were on the page", async () => {
  const { app, ask } = await askingForMore();
  const browser = new TestBrowser(door);
  const request = { client_id: app.appId, scope: "https://graph.microsoft.com/.default", prompt: "consent" };
  const page = await browser.open(authorizeUrl(door, request));
  const consent = await browser.submit(page, "sign-in", account());
  expect(consent.text).not.toContain("Access Azure Batch Service");
  await ask();
  const again = await browser.submit(consent, "accept");
  expect([again.left, again.status]).toEqual([undefined, 200]);
  expect(again.text).toContain("Access Azure Batch Service");
  expect(await batchGrants(app.appId)).toEqual([]);
  expect((await browser.submit(again, "accept")).left?.searchParams.get("code")).toBeTruthy();
});

test("an administrator's does, too", async () => {
  const { app, ask } = await askingForMore();
  const browser = new TestBrowser(door);
  const url = `http://localhost:${door.plain.port}/${door.tenantId}/adminconsent?client_id=${app.appId}`;
  const page = await browser.open(url);
  const consent = await browser.submit(page, "sign-in", account("admin@test.example"));
  await ask();
  const again = await browser.submit(consent, "accept");
  expect(again.text).toContain("Access Azure Batch Service");
  expect(await batchGrants(app.appId)).toEqual([]);
  expect((await browser.submit(again, "accept")).text).toContain("Consent given");
  expect(await batchGrants(app.appId)).toHaveLength(1);
});

async function batchGrants(appId: string) {
  const client = await door.directory.client(door.tenantId, appId);
  const grants = await delegatedGrantList(door.directory, door.tenantId);
  return grants
    .filter(({ clientId }) => clientId === client?.objectId)
    .filter(({ scopes }) => scopes.includes("user_impersonation"));
}

test("a path that reads as another host leads nowhere", async () => {
  const { port } = door.plain;
  for (const path of ["//evil.example/oauth2/authorize", "/%5Cevil.example/oauth2/authorize"]) {
    const { headers } = await sendPlain(port, {
      method: "POST",
      path,
      host: `localhost:${port}`,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "client_id=x",
    });
    const target = new URL(headers.location ?? "/", `http://localhost:${port}`);
    expect(target.host, path).toBe(`localhost:${port}`);
  }
});
