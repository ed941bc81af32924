/** What the account has used. The lifetime statistics are those of api-versions until 2022-10-01.16.0. */
import { accountLifetime } from "../../app/usage/account-usage.ts";
import { Fault } from "../../core/fault.ts";
import { millisecondsToDuration } from "../../core/model/iso-duration.ts";
import { operation } from "./request/operation.ts";
import { time, untaggedReply } from "./request/reply.ts";

/** Azure retired it; whatever the api-version, it is answered so. */
export const listPoolUsageMetrics = operation("Pool_ListUsageMetrics", () => {
  throw new Fault("PoolUsageMetricAPIRetired");
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
