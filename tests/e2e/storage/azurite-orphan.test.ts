/** Azurite ends with its service, however that ends; what was answered before is there afterwards. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isAlive, type ProcessIdentity } from "../../../src/compute/process-identity.ts";
import { storageSharedKey } from "../../wire/blob/storage-signing.fixture.ts";
import { postForm, send } from "../../wire/raw-request.fixture.ts";
import { KillableService } from "../killable-service.ts";

let service: KillableService;
beforeAll(async () => {
  service = await KillableService.start();
}, 60_000);
afterAll(() => service.dispose());

/** The front asks Azurite for nothing that it has not allowed: so by the account's key, as management gives it out. */
async function firstUse(): Promise<ProcessIdentity> {
  const { tenantId, clientId, clientSecret, subscriptionId, resourceGroup, storageAccount } = service.ready;
  const main = { port: Number(new URL(service.ready.management).port) };
  const door = { main, ca: readFileSync(service.ready.caFile, "utf8") };
  const { json: signIn } = await postForm(door, `/${tenantId}/oauth2/token`, {
    grant_type: "client_credentials",
    client_id: clientId ?? "",
    client_secret: clientSecret ?? "",
    resource: "https://management.azure.com/",
  });
  const account = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Storage/storageAccounts/${storageAccount}`;
  const { json } = await send(door, {
    method: "POST",
    path: `${account}/listKeys?api-version=2023-01-01`,
    headers: { authorization: `Bearer ${signIn.access_token}`, "content-length": "0" },
  });
  const request = { method: "GET", path: "/", query: "comp=list" };
  const headers = { "x-ms-date": new Date().toUTCString(), "x-ms-version": "2021-12-02" };
  const key = Buffer.from(json.keys[0].value, "base64");
  const authorization = storageSharedKey(String(storageAccount), key, { ...request, headers });
  const { status } = await send(door, {
    path: "/?comp=list",
    host: `${storageAccount}.blob.core.windows.net`,
    headers: { ...headers, authorization },
  });
  expect(status).toBe(200);
  return JSON.parse(readFileSync(join(service.folder, "storage", "azurite.json"), "utf8"));
}

test("after kill -9 of the service, and after its proper end, no Azurite is left", async () => {
  const killed = await firstUse();
  expect(isAlive(killed)).toBe(true);
  await service.kill();
  await expect.poll(() => isAlive(killed), { timeout: 10_000 }).toBe(false);
  await service.start();
  const stopped = await firstUse();
  expect(stopped.pid).not.toBe(killed.pid);
  await service.stop();
  expect(isAlive(stopped)).toBe(false);
}, 90_000);
