/** A service in a process of its own that is sent odd requests: what it answered with a 500, and when it stood still for everybody. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { KillableService } from "../e2e/killable-service.ts";
import { type PlaneRequest, PlaneSender } from "./plane-sender.ts";

const AT_ONCE = 12;
/** Said on purpose: not built, not there just now, no room. */
const MEANT = [501, 503, 507];

export interface Fuzzed {
  /** The first few requests that were answered with a 500. */
  readonly unmeant: readonly string[];
  /** A line for each time that the service stood still. */
  readonly stalls: string;
  /** Of a plain request at the end. */
  readonly lastStatus: number;
}

/** @param next is told what there is in the service, and makes the next request */
export async function fuzz(
  count: number,
  next: (ready: KillableService["ready"]) => PlaneRequest,
): Promise<Fuzzed> {
  const watch = pathToFileURL(join(import.meta.dirname, "stall-watch.ts")).href;
  const stalls = join(process.env.TMPDIR ?? "/tmp", `stalls-${process.pid}-${Date.now()}`);
  const service = await KillableService.start({
    environment: { NODE_OPTIONS: `--import=${watch}`, STALL_WATCH_FILE: stalls },
  });
  try {
    const sender = await PlaneSender.to(service, AT_ONCE);
    rmSync(stalls, { force: true }); // starting takes what it takes
    const unmeant: string[] = [];
    let left = count;
    const work = async () => {
      while (left-- > 0) {
        const odd = next(service.ready);
        const status = await sender.send(odd);
        if (status >= 500 && !MEANT.includes(status))
          unmeant.push(
            `${status} ${odd.method} ${odd.plane} ${odd.path.slice(0, 300)} ${odd.body?.slice(0, 500)}`,
          );
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const path = "/jobs?api-version=2024-07-01.20.0";
    const lastStatus = await sender.send({ plane: "batch", method: "GET", path, headers: {} });
    sender.close();
    const stood = existsSync(stalls) ? readFileSync(stalls, "utf8") : "";
    return { unmeant: unmeant.slice(0, 5), stalls: stood, lastStatus };
  } finally {
    rmSync(stalls, { force: true });
    await service.kill();
    await service.killAgent();
    await service.dispose();
  }
}
