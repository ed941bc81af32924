/**
 * Tasks in containers, of an image that the machine has already: one after the other on one node, against `podman run` in a loop and against
 * plain tasks of the same pool; and what a container adds to a task.
 */
import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BenchContext, BenchRow, Figure, Skipped } from "../bench-row.ts";
import { isInstalled } from "../peers/command.ts";
import { podman } from "../peers/podman.ts";
import type { BatchSession } from "../service/batch-session.ts";
import { rootObstacle } from "../service/node-isolation.ts";
import { startTaskPool } from "../service/task-pool.ts";
import { taskRate } from "./tasks.ts";

const NAME = "containers";
const IMAGE = "bench:1";
const BUSYBOX = "/bin/busybox";
/** One `podman run` takes as long as many of ours: what counts is its rate. */
const PODMAN_SHARE = 0.02;
const MOST_MS = 60;
const run = promisify(execFile);

export const containers: BenchRow = {
  name: NAME,
  about: "1,000 x /bin/true in containers, one slot",
  async run(context) {
    const missing = ["skopeo", "umoci", BUSYBOX].find((program) => !isInstalled(program));
    if (missing !== undefined) return [{ name: NAME, skipped: `${missing} is not installed` }];
    const obstacle = await rootObstacle(context.program);
    if (obstacle !== undefined) return [{ name: NAME, skipped: obstacle }];
    return measure(context);
  },
};

async function measure(context: BenchContext): Promise<(Figure | Skipped)[]> {
  const { quick, rounds, folder, program, cacheFolder, progress } = context;
  const count = quick ? 300 : 1_000;
  const dataFolder = join(folder, NAME);
  await mkdir(dataFolder, { mode: 0o700 });
  const archive = await makeArchive(join(folder, `${NAME}-image`));
  await run(process.execPath, [program, "image", "load", archive, "--name", IMAGE, "--data", dataFolder]);
  const peer = podman(archive);
  const without = await peer.missing();
  const own: number[] = [];
  const plain: number[] = [];
  const podmans: number[] = [];
  const start = { dataFolder, isolation: "namespace", program, cacheFolder } as const;
  const { session, stop } = await startTaskPool(start, 1, 1, [IMAGE]);
  try {
    for (let round = 0; round < rounds; round++) {
      progress(`${NAME} ${round + 1}/${rounds}`);
      plain.push(await taskRate(session, `plain-${round}`, count));
      own.push(await inContainers(session, `contained-${round}`, count));
      if (without === undefined) podmans.push(await peer.rate(Math.ceil(count * PODMAN_SHARE), folder));
    }
  } finally {
    await stop();
  }
  const addedMs = own.map((rate, round) => 1_000 / rate - 1_000 / (plain[round] ?? Number.NaN));
  const rate = { name: NAME, what: "tasks in containers, one slot", unit: "/s", values: own } as const;
  return [
    { ...rate, against: { name: "plain tasks", values: plain } },
    without === undefined
      ? {
          ...rate,
          what: "  the same, beside podman",
          against: { name: peer.name, values: podmans },
          bar: { atLeast: 1 },
        }
      : { name: NAME, skipped: `against podman: ${without}` },
    { name: NAME, what: "a container adds to a task", unit: "ms", values: addedMs, bar: { atMost: MOST_MS } },
  ];
}

const inContainers = (session: BatchSession, jobId: string, count: number): Promise<number> =>
  taskRate(session, jobId, count, { containerSettings: { imageName: IMAGE } });

/** An OCI archive of a shell and its commands. */
async function makeArchive(folder: string): Promise<string> {
  const layout = join(folder, "layout");
  const bin = join(folder, "bin");
  await mkdir(bin, { recursive: true });
  await copyFile(BUSYBOX, join(bin, "busybox"));
  await chmod(join(bin, "busybox"), 0o755);
  for (const name of ["sh", "true"]) await symlink("busybox", join(bin, name));
  await run("umoci", ["init", "--layout", layout]);
  await run("umoci", ["new", "--image", `${layout}:image`]);
  await run("umoci", ["insert", "--image", `${layout}:image`, bin, "/bin"]);
  const archive = join(folder, "image.tar");
  await run("tar", ["-C", layout, "-cf", archive, "."]);
  return archive;
}
