import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TestBrowser } from "../../wire/browser.fixture.ts";
import { sendTo } from "../../wire/raw-request.fixture.ts";
import { batchyard, spawnBatchyard, temporaryFolder, type UpProcess, up } from "../batchyard-process.ts";

const tmp = await temporaryFolder();
const data = ["--data", join(tmp.path, "state")];
const { BROWSER, DISPLAY, WAYLAND_DISPLAY, ...withoutBrowser } = process.env;

let service: UpProcess;
let browser: TestBrowser;
let account: { readonly username: string; readonly password: string };
beforeAll(async () => {
  service = await up(data);
  const { caFile, username, password } = service.ready;
  browser = new TestBrowser({ ca: await readFile(caFile, "utf8") });
  account = { username: username ?? "", password: password ?? "" };
});
afterAll(async () => {
  await service?.stop();
  await tmp.remove();
});

const login = (parameters: readonly string[], environment: NodeJS.ProcessEnv = withoutBrowser) =>
  spawnBatchyard(["login", ...data, ...parameters], { environment });

/** What a sign-in tells the user that matches. */
async function told(run: ReturnType<typeof login>, pattern: RegExp): Promise<string> {
  const { stderr } = run.child;
  if (stderr === null) throw new Error("stderr must be a pipe");
  for await (const line of createInterface({ input: stderr })) {
    const found = pattern.exec(line)?.[0];
    if (found !== undefined) return found;
  }
  throw new Error(`it ended without telling ${pattern}`);
}

/** A job made and read with the token, as `curl` would: both statuses, and the job's id. */
async function addedJob(token: string) {
  const { batch, caFile } = service.ready;
  const door = [new URL(batch), await readFile(caFile, "utf8")] as const;
  const version = "api-version=2024-07-01.20.0";
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "application/json; odata=minimalmetadata",
  };
  const body = JSON.stringify({ id: "by-login", poolInfo: { poolId: "none-yet" } });
  const added = await sendTo(...door, { method: "POST", path: `/jobs?${version}`, headers, body });
  const read = await sendTo(...door, { path: `/jobs/by-login?${version}`, headers });
  return [added.status, read.status, read.json.id];
}

it("signs a user in in $BROWSER, and gives scripts the token", async () => {
  const opened = createServer();
  opened.listen(0, "127.0.0.1");
  await once(opened, "listening");
  const script = join(tmp.path, "browser.mjs");
  const origin = `http://127.0.0.1:${(opened.address() as AddressInfo).port}`;
  await writeFile(script, `await fetch("${origin}", { method: "POST", body: process.argv[2] });`);
  const asked = once(opened, "request");
  const run = login(["--json"], { ...withoutBrowser, BROWSER: `${process.execPath} ${script} %s` });
  const [incoming, response] = await asked;
  const url = new URL(await text(incoming));
  response.end();
  opened.close();
  expect(Object.fromEntries(url.searchParams)).toMatchObject({ code_challenge_method: "S256" });

  const { left } = await browser.signIn(url.href, account);
  if (left === undefined) throw new Error("the browser was not sent back");
  const forged = new URL(left);
  forged.searchParams.set("state", "x".repeat(43));
  expect((await fetch(forged)).status).toBe(400);
  expect((await fetch(new URL("/other", left))).status).toBe(404);
  expect((await fetch(left, { method: "POST" })).status).toBe(404);
  expect((await fetch(left)).status).toBe(200);

  const { code, stdout, stderr } = await run.ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const reply = JSON.parse(stdout);
  expect(reply.scope).toContain("user_impersonation");
  expect(Math.abs(reply.expires_on - Date.now() / 1000 - reply.expires_in)).toBeLessThan(60);
  const claims = JSON.parse(Buffer.from(reply.access_token.split(".")[1], "base64url").toString());
  expect(claims).toMatchObject({ upn: account.username, tid: service.ready.tenantId });
  expect(await addedJob(reply.access_token)).toEqual([201, 200, "by-login"]);
  await expect(fetch(left)).rejects.toThrow();
}, 30_000);

it("prints the address where there is no browser, and what the user refused", async () => {
  const run = login([]);
  const url = new URL(await told(run, /^http:\S+$/));
  const back = new URL(url.searchParams.get("redirect_uri") ?? "");
  back.search = `?${new URLSearchParams({
    error: "access_denied",
    error_description: "AADSTS65004: The user declined. Trace ID: 1",
    state: url.searchParams.get("state") ?? "",
  })}`;
  expect((await fetch(back)).status).toBe(200);
  const { code, stdout, stderr } = await run.ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/\nbatchyard login: AADSTS65004: The user declined\.\n$/);
}, 30_000);

it("signs a user in on another device, and says who it was", async () => {
  const run = login(["--device"]);
  const message = await told(run, /page \S+ and enter the code \S+/);
  const [, page = "", userCode = ""] = /page (\S+) and enter the code (\S+)/.exec(message) ?? [];
  const device = new TestBrowser({ ca: await readFile(service.ready.caFile, "utf8") });
  const signIn = await device.submit(await device.open(page), "code", { user_code: userCode });
  const confirm = await device.submit(signIn, "sign-in", account);
  expect((await device.submit(confirm, "confirm")).status).toBe(200);
  const { code, stdout } = await run.ended;
  expect(code).toBe(0);
  expect(stdout).toContain(account.username);
  expect(stdout).toContain(service.ready.tenantId);
}, 30_000);

it.each(["browser", "device"])(
  "ends cleanly when interrupted: %s",
  async (way) => {
    const run = login(way === "device" ? ["--device"] : []);
    await told(run, /http:\S+/);
    run.child.kill("SIGINT");
    const { stderr, ...end } = await run.ended;
    expect(end).toEqual({ code: 1, signal: null, stdout: "" });
    expect(stderr).toMatch(/\nbatchyard login: interrupted; nobody has signed in\n$/);
  },
  30_000,
);

it.each(["browser", "device"])(
  "waits no longer for the user than it may: %s",
  async (way) => {
    const run = login([...(way === "device" ? ["--device"] : []), "--timeout", "1s"]);
    const { stderr, ...end } = await run.ended;
    expect(end).toEqual({ code: 1, signal: null, stdout: "" });
    expect(stderr).toMatch(/\nbatchyard login: nobody has signed in within 1s\n$/);
  },
  30_000,
);

it.each(["0s", "2d", "soon"])("knows no timeout of %s", async (timeout) => {
  const { code, stderr } = await batchyard(["login", "--timeout", timeout, ...data]);
  expect(code).toBe(2);
  expect(stderr).toBe("batchyard login: --timeout takes a span from 1s to 24h, like 90s or 5m\n");
});

it("shows the service's refusal in one line", async () => {
  const { code, stdout, stderr } = await batchyard([
    "login",
    "--device",
    "--tenant",
    "absent.example",
    ...data,
  ]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^batchyard login: AADSTS90002: [^\n]+\n$/);
}, 30_000);
