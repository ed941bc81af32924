/**
 * An hour of the service's clock in which 200 tasks end each second and their files are kept for a minute: how many folders there are at its
 * end, against five minutes after its beginning. The retention reconciler's own work on a store of its own; the folders are real, the
 * agent's part is `fs.rm`.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { taskFilesClean } from "../../src/app/tasks/task-files-clean.ts";
import type { BenchRow } from "../bench-row.ts";
import { openSeededStore } from "../service/seeded-store.ts";

const NAME = "retention";
const TASKS_PER_SECOND = 200;
const RETENTION_SECONDS = 60;
/** As `src/loops` has it. */
const STEP_SECONDS = 10;
const SETTLED_SECONDS = 300;

export const retention: BenchRow = {
  name: NAME,
  about: "an hour of 200 tasks a second whose files are kept for a minute",
  async run({ quick, folder, memoryFolder, progress }) {
    const seconds = quick ? 900 : 3_600;
    const root = join(memoryFolder ?? folder, NAME);
    const files = join(root, "workitems", "j1", "job-1");
    mkdirSync(files, { recursive: true });
    const seeded = await openSeededStore(root);
    let now = 0;
    const app = {
      ...seeded.app,
      clock: () => now,
      agents: {
        incarnationOf: () => "1",
        send: () => {},
        fileDelete: (_agent: string, { path }: { readonly path: string }) =>
          rm(join(root, path), { recursive: true }),
      },
    } as unknown as typeof seeded.app;
    let settled = { folders: Number.NaN, indexed: Number.NaN };
    let cpu = 0;
    const seen = async () => {
      const rows = await seeded.store.read.query(
        "select count(*) as n from task where clean_at is not null",
        [],
      );
      return { folders: readdirSync(files).length, indexed: Number((rows[0] as { n: number }).n) };
    };
    try {
      await seeded.job(1);
      for (let second = 0; second < seconds; second += STEP_SECONDS) {
        const ended = TASKS_PER_SECOND * STEP_SECONDS;
        const id = `'${second}-' || i`;
        now = second * 1_000;
        await seeded.tasks(1, ended, {
          id,
          id_lower: id,
          state: "'completed'",
          node_key: "1",
          clean_at: `${now + RETENTION_SECONDS * 1_000}`,
        });
        for (let i = 1; i <= ended; i++) {
          mkdirSync(join(files, `${second}-${i}`));
          writeFileSync(join(files, `${second}-${i}`, "stdout.txt"), "");
        }
        const before = process.cpuUsage();
        await taskFilesClean(app);
        const { user, system } = process.cpuUsage(before);
        cpu += user + system;
        if (second === SETTLED_SECONDS) settled = await seen();
        if (second % 600 === 0) progress(`${NAME}: ${second / 60} min, ${(await seen()).folders} folders`);
      }
      const { folders, indexed } = await seen();
      return [
        {
          name: NAME,
          what: "folders at the end",
          unit: "count",
          values: [folders],
          against: { name: "after 5 min", values: [settled.folders] },
          bar: { atMost: 1.05 },
          detail: { cpuMicrosecondsPerTask: cpu / (seconds * TASKS_PER_SECOND) },
        },
        {
          name: NAME,
          what: "  rows of the index",
          unit: "count",
          values: [indexed],
          against: { name: "after 5 min", values: [settled.indexed] },
          bar: { atMost: 1.05 },
        },
      ];
    } finally {
      await seeded.store.close();
      rmSync(root, { recursive: true });
    }
  },
};
