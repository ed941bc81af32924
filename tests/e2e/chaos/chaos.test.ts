/**
 * Invariants 1 and 2 under fire. `BATCHYARD_CHAOS_ROUNDS` mishaps (6 unless told), `BATCHYARD_CHAOS_SEED` repeats a run's
 * choices.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, onTestFailed, test } from "vitest";
import { BatchClient } from "../batch-client.ts";
import { KillableService } from "../killable-service.ts";
import { Chaos, type Victim } from "./chaos-load.ts";
import { expectInvariants } from "./chaos-verdict.ts";

const ROUNDS = Number(process.env.BATCHYARD_CHAOS_ROUNDS ?? 6);
const SEED = Number(process.env.BATCHYARD_CHAOS_SEED ?? Date.now() % 1_000_000);

const folder = mkdtempSync(join(tmpdir(), "batchyard-marks-"));
chmodSync(folder, 0o755);
const service = await KillableService.start({ parameters: ["--node-path", `${folder}:rw`] });
const client = new BatchClient(service.ready);
afterAll(async () => {
  client.close();
  await service.dispose();
  rmSync(folder, { recursive: true, force: true });
});

test.each<{ poolId: string; what: string; victims: Victim[]; rounds: number }>([
  {
    poolId: "all",
    rounds: ROUNDS,
    what: "everything dies: every accepted task completes, each attempt starts once",
    victims: ["service", "agent", "both", "starting", "stop"],
  },
  {
    poolId: "service",
    // As many in the full figure; a few show it.
    rounds: ROUNDS > 10 ? ROUNDS : Math.ceil(ROUNDS / 2),
    what: "only the service dies: every accepted task completes, none is interrupted",
    victims: ["service", "starting"],
  },
])(
  `$rounds times at random moments, seed ${SEED}, $what`,
  {
    timeout: 120_000 + ROUNDS * 20_000,
  },
  async ({ poolId, victims, rounds }) => {
    onTestFailed(() => console.error(service.log.slice(-10_000)));
    const marks = mkdtempSync(join(folder, poolId));
    chmodSync(marks, 0o777); // nodes with a sandbox of their own run tasks as other users
    const chaos = new Chaos({ service, client, seed: SEED, rounds, victims, poolId, marks });
    await chaos.run();

    await expectInvariants(chaos);
  },
);
