/** How busy this machine's processors were between two questions. */
import { cpus } from "node:os";

export class MachineLoad {
  #before = processorTimes();

  /** Percent of all processors since the last call, or since this was made. */
  cpuPercent(): number | undefined {
    const now = processorTimes();
    const total = now.total - this.#before.total;
    const idle = now.idle - this.#before.idle;
    if (total <= 0) return undefined;
    this.#before = now;
    return Math.max(0, Math.min(100, 100 * (1 - idle / total)));
  }
}

function processorTimes(): { total: number; idle: number } {
  let total = 0;
  let idle = 0;
  for (const { times } of cpus()) {
    total += times.user + times.nice + times.sys + times.idle + times.irq;
    idle += times.idle;
  }
  return { total, idle };
}
