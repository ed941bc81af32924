/** The sign-in recipes run as they stand, against a service and its pages. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { directVariables, environmentWith, proxyVariables } from "../../../src/cli/connect/connect-mode.ts";
import { BatchClient } from "../batch-client.fixture.ts";
import { programEnd } from "../client-program.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";
import { browserProgram } from "./browser-program.fixture.ts";
import { programWithDeviceUser } from "./device-user.fixture.ts";

const example = (name: string) => fileURLToPath(new URL(`../../../examples/${name}.ts`, import.meta.url));

let service: RunningService;
beforeAll(async () => {
  service = await runningService();
  const client = await BatchClient.connect(service);
  const job = { id: "a-job", poolInfo: { poolId: "none-yet" } };
  expect((await client.send("POST", "/jobs", { body: job })).status).toBe(201);
  client.close();
});
afterAll(() => service?.close());

test("a service principal", async () => {
  const environment = environmentWith(proxyVariables(service.ready));
  const end = await programEnd(process.execPath, [example("sign-in-service-principal")], environment);
  expect(end).toMatchObject({ code: 0, stdout: "a-job is active\nsigned in as an application\n" });
});

test("a user on another device", async () => {
  const environment = environmentWith(proxyVariables(service.ready));
  const words = [example("sign-in-device")];
  const end = await programWithDeviceUser(service, process.execPath, words, environment);
  expect(end.code, end.stderr).toBe(0);
  expect(end.stdout.split("\n").slice(1)).toEqual(["a-job is active", "signed in on another device"]);
});

test("a user in the browser", async () => {
  const { username, password } = service.ready;
  const account = { username: username ?? "", password: password ?? "" };
  const browser = await browserProgram(service, account, dirname(service.folder));
  try {
    const environment = { ...environmentWith(directVariables(service.ready)), BROWSER: browser.file };
    const end = await programEnd(process.execPath, [example("sign-in-browser")], environment);
    expect(end).toMatchObject({ code: 0, stdout: "a-job is active\nsigned in in the browser\n" });
  } finally {
    browser.close();
  }
});
