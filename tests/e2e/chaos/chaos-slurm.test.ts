/** Invariants 1 and 2 under fire on a Slurm cluster, where an agent dies with its job. Seed and rounds as in chaos.test.ts. */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFailed, test } from "vitest";
import { BatchClient } from "../batch-client.ts";
import { KillableService, until } from "../killable-service.ts";
import { SlurmCluster, slurmObstacle } from "../nodes/slurm-cluster.ts";
import { Chaos } from "./chaos-load.ts";
import { expectInvariants } from "./chaos-verdict.ts";

const ROUNDS = Number(process.env.BATCHYARD_CHAOS_ROUNDS ?? 5);
const SEED = Number(process.env.BATCHYARD_CHAOS_SEED ?? Date.now() % 1_000_000);

test.skipIf(slurmObstacle !== undefined)(
  `${ROUNDS} times at random moments, seed ${SEED}, service or jobs die: every accepted task completes, each attempt starts once`,
  { timeout: 120_000 + ROUNDS * 30_000 },
  async () => {
    const marks = mkdtempSync(join(tmpdir(), "batchyard-marks-"));
    chmodSync(marks, 0o777); // nodes with a sandbox of their own run tasks as other users
    const cluster = await SlurmCluster.start([{}, {}]);
    const service = await KillableService.start({
      parameters: ["--compute", "slurm", "--node-path", `${marks}:rw`],
      environment: cluster.environment,
    });
    onTestFailed(() => console.error(service.log.slice(-10_000)));
    const client = new BatchClient(service.ready);
    try {
      const chaos = new Chaos({
        service: {
          start: () => service.start(),
          stop: () => service.stop(),
          kill: () => service.kill(),
          killAgent: () => endJob(cluster),
        },
        client,
        seed: SEED,
        rounds: ROUNDS,
        victims: ["service", "agent", "both", "starting", "stop"],
        poolId: "pool",
        marks,
      });
      await chaos.run();
      await expectInvariants(chaos);
    } finally {
      client.close();
      await service.stop();
      await service.dispose();
      await cluster.dispose();
      rmSync(marks, { recursive: true, force: true });
    }
  },
);

/** Of those that run, the one that was submitted first; resolves when it has left the queue. */
async function endJob(cluster: SlurmCluster): Promise<void> {
  const victim = (await cluster.jobs()).find(({ state }) => state === "RUNNING");
  if (!victim) return;
  await cluster.cancel(victim.id);
  await until("the job's end", async () => !(await cluster.jobs()).some(({ id }) => id === victim.id));
}
