/**
 * What must not grow with the number of tasks, through the Batch plane of a whole service, at two sizes a hundredfold apart; and with
 * `--against DIR` the same of an older tree, its services beside this one's and measured in turns. `flat` measures use cases alone.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import type { BenchContext, BenchRow, Figure } from "../bench-row.ts";
import { FILE_MEGABYTES, FILES_AFTER_MS, type Full, MEASURES } from "../growth/measures.ts";
import { filesDue } from "../growth/stopped-database.ts";
import { BatchSession } from "../service/batch-session.ts";
import { startService } from "../service/service-process.ts";

const NAME = "growth";
const SIZES = { full: [10_000, 1_000_000], quick: [1_000, 100_000] } as const;
/** Of the logarithm of the cost over that of the number of tasks: a hundredfold may cost twice. */
const SLOPE_MAX = 0.15;

const POOLS = ["bench", "blocked", "wide"] as const;
const ADD_ROWS = join(import.meta.dirname, "../growth/add-rows.ts");

interface Side {
  readonly program: string;
  readonly tree: string;
  readonly tasks: number;
}

export const growth: BenchRow = {
  name: NAME,
  about: "what must not grow with the tasks, of a whole service; against an older tree",
  isByHand: true,
  async run(context) {
    const sizes = context.quick ? SIZES.quick : SIZES.full;
    const trees: Pick<Side, "program" | "tree">[] = [{ program: context.program, tree: "" }];
    if (context.against !== undefined)
      trees.push({ program: join(context.against, "bin/batchyard.js"), tree: "  before" });
    const folder = await mkdtemp(join(context.folder, "growth-"));
    const opened: { readonly side: Side; readonly full: Full }[] = [];
    try {
      // The large ones first: what is measured of a start finds nothing else at work.
      const sides = sizes.toReversed().flatMap((tasks) => trees.map((tree): Side => ({ ...tree, tasks })));
      const folderOf = ({ tree, tasks }: Side) => join(folder, `${tasks}${tree.trim()}`);
      context.progress(`${NAME}: rows are made`);
      await Promise.all(sides.map((side) => prepare(side, folderOf(side), context)));
      for (const side of sides) {
        context.progress(`${NAME}: ${side.tasks.toLocaleString("en")} tasks${side.tree}`);
        opened.push({ side, full: await openFull(side, folderOf(side), context) });
      }
      const figures: Figure[] = [];
      for (const measure of MEASURES) {
        const found: { readonly side: Side; readonly value: number }[] = [];
        for (const { side, full } of opened)
          found.push({ side, value: await measured(measure, full, context) });
        for (const { tree } of trees) {
          const [large = Number.NaN, small = Number.NaN] = found
            .filter(({ side }) => side.tree === tree)
            .map(({ value }) => value);
          figures.push(figure(measure, tree, sizes, small, large));
          context.progress(`${NAME}: ${measure.what}${tree}: ${small.toFixed(2)}, ${large.toFixed(2)}`);
        }
      }
      return figures;
    } finally {
      for (const { full } of opened) {
        full.session.close();
        await full.session.service.stop();
      }
      await rm(folder, { recursive: true, force: true });
    }
  },
};

type Measure = (typeof MEASURES)[number];

/** NaN where it cannot be measured: an older tree may lack what it takes, and the other measures do not wait for it. */
async function measured(measure: Measure, full: Full, { progress }: BenchContext): Promise<number> {
  try {
    return await measure.of(full);
  } catch (error) {
    progress(`${NAME}: ${measure.what}: ${(error as Error).message}`);
    return Number.NaN;
  }
}

function figure(
  { what, unit, atMost }: Measure,
  tree: string,
  [few, many]: readonly [number, number],
  small: number,
  large: number,
): Figure {
  const ratio = Number(((many / few) ** SLOPE_MAX).toFixed(2));
  const bar = { atMost: atMost ?? ratio };
  return {
    name: NAME,
    what: tree === "" ? what : tree,
    unit,
    values: [large],
    against: { name: `${many / few} times fewer`, values: [small] },
    ...(tree === "" && { bar, isBarOnValue: atMost !== undefined }),
    detail: { slope: Math.log10(large / small) / Math.log10(many / few) },
  };
}

/** A data folder with all that the measures need: pools of one node with one slot, and jobs full of tasks. */
async function prepare(
  { program, tasks }: Side,
  dataFolder: string,
  { cacheFolder }: BenchContext,
): Promise<void> {
  const service = await startService({ dataFolder, program, cacheFolder });
  const session = await BatchSession.open(service);
  for (const pool of POOLS) {
    await session.addPool(pool, 1, 1);
    await session.addJob(pool === "bench" ? "large" : pool, pool);
  }
  await session.addJob("small", "bench");
  const commandLine = `/bin/dd if=/dev/zero of=large bs=1M count=${FILE_MEGABYTES}`;
  await session.call("POST", "/jobs/small/tasks", { id: "writer", commandLine });
  await session.completed("small", 1);
  session.close();
  await service.stop();
  await promisify(execFile)(process.execPath, [ADD_ROWS, dataFolder, String(tasks)]);
}

async function openFull(
  { program, tasks }: Side,
  dataFolder: string,
  { cacheFolder }: BenchContext,
): Promise<Full> {
  const began = performance.now();
  const service = await startService({ dataFolder, program, cacheFolder });
  const session = await BatchSession.open(service);
  const filesLeft = delay(FILES_AFTER_MS).then(() => filesDue(dataFolder));
  for (const pool of POOLS) await session.nodesIdle(pool, 1);
  return { tasks, session, startMs: performance.now() - began, filesLeft };
}
