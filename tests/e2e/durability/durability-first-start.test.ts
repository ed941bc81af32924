/** A first start that is killed half-way leaves a folder on which the next start succeeds, with secrets that work. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { BatchClient } from "../batch-client.ts";
import { randomFrom } from "../chaos/seeded-random.ts";
import { KillableService } from "../killable-service.ts";

const ROUNDS = Number(process.env.BATCHYARD_CHAOS_ROUNDS ?? 6);
const SEED = Number(process.env.BATCHYARD_CHAOS_SEED ?? Date.now() % 1_000_000);

const folder = mkdtempSync(join(tmpdir(), "batchyard-first-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test(`${ROUNDS} first starts killed at random moments, seed ${SEED}`, {
  timeout: 30_000 + ROUNDS * 10_000,
}, async () => {
  const random = randomFrom(SEED);
  const usual = await timeToReady();
  for (let round = 0; round < ROUNDS; round++) {
    const service = await KillableService.create({ folder: join(folder, String(round)) });
    try {
      const start = service.start().catch(() => {});
      await delay(random.upTo(usual));
      await service.kill();
      await start;
      await service.start();
      const client = new BatchClient(service.ready);
      await client.addJob("job", "no-such-pool");
      client.close();
      for (const name of ["clientSecret", "password", "accountKey"] as const)
        expect(service.ready[name], name).toBeTruthy();
    } finally {
      await service.dispose();
    }
  }
});

async function timeToReady(): Promise<number> {
  const begin = performance.now();
  const service = await KillableService.start({ folder: join(folder, "usual") });
  const taken = performance.now() - begin;
  await service.dispose();
  return taken;
}
