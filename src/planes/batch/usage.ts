/** What the account has used. The lifetime statistics are those of api-versions until 2022-10-01.16.0. */
import { accountLifetime, accountPoolUsage, type PoolUsage } from "../../app/usage/account-usage.ts";
import { millisecondsToDuration } from "../../core/model/iso-duration.ts";
import { invalidQueryParameter } from "../../core/odata/invalid-query-parameter.ts";
import type { BatchContext } from "./request/context.ts";
import { listReply } from "./request/list.ts";
import { operation } from "./request/operation.ts";
import { time, untaggedReply } from "./request/reply.ts";

const HOUR = 3_600_000;

export const listPoolUsageMetrics = operation("Pool_ListUsageMetrics", async (context) => {
  const { app, account } = context;
  const from = moment(context, "starttime");
  const to = moment(context, "endtime");
  if (from !== undefined && to !== undefined && from >= to) {
    throw invalidQueryParameter("endtime", context.query.text("endtime") ?? "", "It is not after starttime");
  }
  const usage = await accountPoolUsage(app, account, { from, to });
  const rows = usage.pools.map((pool, index) => ({ ...pool, key: index + 1 }));
  return listReply<PoolUsage & { readonly key: number }>(context, {
    collection: "poolusagemetrics",
    keyOf: ({ key }) => key,
    fetch: async (after, limit) => rows.slice(after, after + limit),
    view: ({ poolId, vmSize, coreTime }) => ({
      poolId,
      startTime: time(usage.from),
      endTime: time(usage.to),
      vmSize,
      totalCoreHours: coreTime / HOUR,
    }),
  });
});

export const getPoolLifetimeStatistics = operation("Pool_GetAllLifetimeStatistics", async (context) => {
  const { since, now, coreTime } = await accountLifetime(context.app, context.account);
  const span = { startTime: time(since), lastUpdateTime: time(now) };
  return untaggedReply(context, "poolstats/@Element", now, {
    url: `${context.exchange.origin}/lifetimepoolstats`,
    ...span,
    usageStats: { ...span, dedicatedCoreTime: millisecondsToDuration(coreTime) },
  });
});

/** Processor time and traffic are not measured, and the protocol has no word for that but 0. */
export const getJobLifetimeStatistics = operation("Job_GetAllLifetimeStatistics", async (context) => {
  const { since, now, tasks } = await accountLifetime(context.app, context.account);
  return untaggedReply(context, "jobstats/@Element", now, {
    url: `${context.exchange.origin}/lifetimejobstats`,
    startTime: time(since),
    lastUpdateTime: time(now),
    userCPUTime: "PT0S",
    kernelCPUTime: "PT0S",
    wallClockTime: millisecondsToDuration(tasks.wallClock),
    readIOps: 0,
    writeIOps: 0,
    readIOGiB: 0,
    writeIOGiB: 0,
    numSucceededTasks: tasks.succeeded,
    numFailedTasks: tasks.failed,
    numTaskRetries: tasks.retries,
    waitTime: millisecondsToDuration(tasks.wait),
  });
});

function moment({ query }: BatchContext, name: string): number | undefined {
  const text = query.text(name);
  if (text === undefined) return undefined;
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw invalidQueryParameter(name, text, "It is not a date and time");
  return at;
}
