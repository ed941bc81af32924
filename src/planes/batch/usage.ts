/** What the account has used. The lifetime statistics are those of api-versions until 2022-10-01.16.0. */
import { accountNodesUsage, accountWorkUsage } from "../../app/usage/account-usage.ts";
import { Fault } from "../../core/fault.ts";
import { operation } from "./request/operation.ts";
import { untaggedReply } from "./request/reply.ts";
import { nodesStatistics, workStatistics } from "./statistics-view.ts";

/** Azure retired it; whatever the api-version, it is answered so. */
export const listPoolUsageMetrics = operation("Pool_ListUsageMetrics", () => {
  throw new Fault("PoolUsageMetricAPIRetired");
});

export const getPoolLifetimeStatistics = operation("Pool_GetAllLifetimeStatistics", async (context) => {
  const usage = await accountNodesUsage(context.app, context.account);
  const url = `${context.exchange.origin}/lifetimepoolstats`;
  return untaggedReply(context, "poolstats/@Element", usage.now, nodesStatistics(url, usage));
});

export const getJobLifetimeStatistics = operation("Job_GetAllLifetimeStatistics", async (context) => {
  const { since, now, sums } = await accountWorkUsage(context.app, context.account);
  const url = `${context.exchange.origin}/lifetimejobstats`;
  return untaggedReply(
    context,
    "jobstats/@Element",
    now,
    workStatistics(url, { from: since, to: now }, sums),
  );
});
