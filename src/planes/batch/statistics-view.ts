/**
 * What tasks, jobs, schedules and pools used, as the protocol shows it where `$expand=stats` asks. Source: API description,
 * "TaskStatistics", "JobStatistics", "JobScheduleStatistics", "PoolStatistics". Of a pool what its tasks used of processors, memory and
 * disks is known; how full its disks are and what went over its network, nobody measures: 0, as the protocol has no word for that.
 */
import type { NodesUsage, WorkSums } from "../../app/usage/account-usage.ts";
import { millisecondsToDuration } from "../../core/model/iso-duration.ts";
import { cpuPercentage, memoryAverage } from "../../core/usage/node-load.ts";
import { usageOf } from "../../core/usage/task-usage.ts";
import type { BatchContext } from "./request/context.ts";
import { time } from "./request/reply.ts";

const BLOCKS_PER_GIB = 2 ** 21;

/** Whether the request asks for statistics beside the resource: there is nothing else that `$expand` can name. */
export function wantsStatistics({ query }: BatchContext): boolean {
  return query.text("$expand") !== undefined;
}

/** Milliseconds since the epoch. */
interface Span {
  readonly from: number;
  readonly to: number;
}

const spanView = ({ from, to }: Span) => ({ startTime: time(from), lastUpdateTime: time(to) });
const microseconds = (sum: number): string => millisecondsToDuration(sum / 1_000);

/** The kernel counts what the disks did in blocks of 512 bytes: getrusage(2). */
function diskView(read: number, written: number) {
  return {
    readIOps: read,
    writeIOps: written,
    readIOGiB: read / BLOCKS_PER_GIB,
    writeIOGiB: written / BLOCKS_PER_GIB,
  };
}

interface EndedTask {
  readonly created_at: number;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly usage: string | null;
}

/** Nothing for a task none of whose attempts has ended. */
export function taskStatistics(url: string, task: EndedTask): { stats?: object } {
  if (task.usage === null) return {};
  const { userTime, kernelTime, wallTime, blocksRead, blocksWritten } = usageOf(task.usage);
  const started = task.started_at ?? task.created_at;
  return {
    stats: {
      url,
      ...spanView({ from: started, to: Math.max(started, task.ended_at ?? started) }),
      userCPUTime: microseconds(userTime),
      kernelCPUTime: microseconds(kernelTime),
      wallClockTime: millisecondsToDuration(wallTime),
      ...diskView(blocksRead, blocksWritten),
      waitTime: millisecondsToDuration(Math.max(0, started - task.created_at)),
    },
  };
}

/** Of a job, of a schedule's jobs, or of all jobs that an account ever had. */
export function workStatistics(url: string, span: Span, sums: WorkSums | undefined): object {
  return {
    url,
    ...spanView(span),
    userCPUTime: microseconds(sums?.user_time ?? 0),
    kernelCPUTime: microseconds(sums?.kernel_time ?? 0),
    wallClockTime: millisecondsToDuration(sums?.wall_time ?? 0),
    ...diskView(sums?.blocks_read ?? 0, sums?.blocks_written ?? 0),
    numSucceededTasks: sums?.runs_succeeded ?? 0,
    numFailedTasks: sums?.runs_failed ?? 0,
    numTaskRetries: sums?.runs_retried ?? 0,
    waitTime: millisecondsToDuration(sums?.wait_time ?? 0),
  };
}

/** Of a pool, or of all pools that an account ever had. */
export function nodesStatistics(url: string, { since, now, dedicatedCoreTime, load }: NodesUsage): object {
  const span = spanView({ from: since, to: now });
  return {
    url,
    ...span,
    usageStats: { ...span, dedicatedCoreTime: millisecondsToDuration(dedicatedCoreTime) },
    resourceStats: {
      ...span,
      avgCPUPercentage: cpuPercentage(load),
      avgMemoryGiB: memoryAverage(load),
      peakMemoryGiB: load.memory_peak,
      avgDiskGiB: 0,
      peakDiskGiB: 0,
      diskReadIOps: load.disk_blocks_read,
      diskWriteIOps: load.disk_blocks_written,
      diskReadGiB: load.disk_blocks_read / BLOCKS_PER_GIB,
      diskWriteGiB: load.disk_blocks_written / BLOCKS_PER_GIB,
      networkReadGiB: 0,
      networkWriteGiB: 0,
    },
  };
}
