/** From the start of the process to its ready line, on a folder that does not exist yet. */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { BenchContext, BenchRow } from "../bench-row.ts";
import { startService } from "../service/service-process.ts";

const STARTS = 5;

export const start: BenchRow = {
  name: "start",
  about: "first start on an empty folder until ready",
  async run(context) {
    const cold: number[] = [];
    const warm: number[] = [];
    const cacheFolder = await mkdtemp(join(context.folder, "start-cache-"));
    for (let attempt = 0; attempt <= STARTS; attempt++) {
      context.progress(`start ${attempt}/${STARTS}`);
      (attempt === 0 ? cold : warm).push(await firstStart(context, cacheFolder));
    }
    const name = "start";
    return [
      { name, what: "first start to ready", unit: "s", values: warm, bar: { atMost: 1 } },
      { name, what: "  the very first of a checkout", unit: "s", values: cold },
    ];
  },
};

async function firstStart({ folder, program }: BenchContext, cacheFolder: string): Promise<number> {
  const parent = await mkdtemp(join(folder, "start-"));
  const service = await startService({ dataFolder: join(parent, "data"), program, cacheFolder });
  await service.stop();
  await rm(parent, { recursive: true, force: true });
  return service.startSeconds;
}
