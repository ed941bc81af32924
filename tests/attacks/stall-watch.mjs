/**
 * Loaded into a service under test (`node --import`): writes a line to the file named by STALL_WATCH_FILE whenever the event loop has stood still for
 * longer than a request may make it. Time in which the process did not compute is the machine's, not a request's, and does not count.
 */
import { appendFileSync } from "node:fs";

const LOOK_MS = 20;
const STALL_MS = Number(process.env.STALL_WATCH_MS ?? 250);

const { STALL_WATCH_FILE: file } = process.env;
if (file !== undefined && process.argv.includes("up")) {
  let last = performance.now();
  let cpu = process.cpuUsage();
  setInterval(() => {
    const now = performance.now();
    const used = process.cpuUsage(cpu);
    const stood = Math.min(now - last - LOOK_MS, (used.user + used.system) / 1_000);
    if (stood > STALL_MS) appendFileSync(file, `${new Date().toISOString()} ${Math.round(stood)} ms\n`);
    last = now;
    cpu = process.cpuUsage();
  }, LOOK_MS).unref();
}
