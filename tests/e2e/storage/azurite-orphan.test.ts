/** Azurite ends with its service, however that ends; what was answered before is there afterwards. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isAlive, type ProcessIdentity } from "../../../src/compute/process-identity.ts";
import { send } from "../../wire/raw-request.fixture.ts";
import { KillableService } from "../killable-service.ts";

let service: KillableService;
beforeAll(async () => {
  service = await KillableService.start();
}, 60_000);
afterAll(() => service.dispose());

/** A signature that is none is for Azurite to refuse, so it is started. */
async function firstUse(): Promise<ProcessIdentity> {
  const main = { port: Number(new URL(service.ready.management).port) };
  const { status } = await send(
    { main, ca: readFileSync(service.ready.caFile, "utf8") },
    {
      path: "/c12/b?se=2099-01-01T00:00:00Z&sp=r&sv=2021-12-02&sr=b&sig=AAAA",
      host: `${service.ready.storageAccount}.blob.core.windows.net`,
    },
  );
  expect(status).toBe(403);
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
