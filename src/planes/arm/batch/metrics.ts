/**
 * What Azure Monitor tells of a Batch account: how many tasks ended, and how many of them failed, by the hour. Source: Azure Monitor's
 * "Metrics - List" and "Metric Definitions - List".
 */
import { accountScope } from "../../../app/accounts/account-handle.ts";
import { type TaskEnds, taskEndsBetween } from "../../../app/usage/task-ends.ts";
import { GRAINS, metricPoints, readMetricQuery } from "../../../core/usage/metric-query.ts";
import { armFault } from "../request/arm-fault.ts";
import type { ArmContext } from "../request/context.ts";
import { operation } from "../request/operation.ts";
import { namedAccount } from "./named-account.ts";

const NAMESPACE = "Microsoft.Batch/batchAccounts";

interface Metric {
  readonly name: string;
  readonly title: string;
  readonly text: string;
  countOf(ends: TaskEnds): number;
}

const METRICS: readonly Metric[] = [
  {
    name: "TaskCompleteEvent",
    title: "Task Complete Events",
    text: "Tasks that have completed",
    countOf: ({ completed }) => completed,
  },
  {
    name: "TaskFailEvent",
    title: "Task Fail Events",
    text: "Tasks that have completed and failed",
    countOf: ({ failed }) => failed,
  },
];

const shown = ({ name, title, text }: Metric) => ({
  name: { value: name, localizedValue: title },
  displayDescription: text,
  unit: "Count",
});

export const listMetrics = operation("Microsoft.Insights/Metrics_List", async (context) => {
  const { handle } = await namedAccount(context);
  const parameter = (name: string) => context.exchange.query.get(name) || undefined;
  const metrics = metricsNamed(parameter("metricnames"));
  requireTotals(context);
  const query = readMetricQuery(parameter("timespan"), parameter("interval"), context.plane.clock());
  if (typeof query === "string") throw armFault("BadRequest", query);
  const ends = await taskEndsBetween(context.plane, handle, query.from, query.to);
  const id = accountScope(handle);
  return {
    json: {
      cost: 0,
      timespan: `${instant(query.from)}/${instant(query.to)}`,
      interval: query.grain,
      namespace: NAMESPACE,
      resourceregion: handle.location,
      value: metrics.map((metric) => ({
        id: `${id}/providers/Microsoft.Insights/metrics/${metric.name}`,
        type: "Microsoft.Insights/metrics",
        ...shown(metric),
        timeseries: [
          {
            metadatavalues: [],
            data: metricPoints(
              query,
              ends.map((each) => ({ hour: each.hour, count: metric.countOf(each) })),
            ),
          },
        ],
        errorCode: "Success",
      })),
    },
  };
});

export const listMetricDefinitions = operation(
  "Microsoft.Insights/MetricDefinitions_List",
  async (context) => {
    const id = accountScope((await namedAccount(context)).handle);
    return {
      json: {
        value: METRICS.map((metric) => ({
          id: `${id}/providers/microsoft.insights/metricdefinitions/${metric.name}`,
          resourceId: id,
          namespace: NAMESPACE,
          ...shown(metric),
          isDimensionRequired: false,
          primaryAggregationType: "Total",
          supportedAggregationTypes: ["Total"],
          metricAvailabilities: GRAINS.map((timeGrain) => ({ timeGrain, retention: "P93D" })),
        })),
      },
    };
  },
);

const instant = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** @throws Fault BadRequest */
function metricsNamed(names: string | undefined): readonly Metric[] {
  if (names === undefined) return METRICS.slice(0, 1);
  return names.split(",", 20).map((name) => {
    const metric = METRICS.find((each) => each.name.toLowerCase() === name.trim().toLowerCase());
    if (metric) return metric;
    const known = METRICS.map((each) => each.name).join(", ");
    throw armFault(
      "BadRequest",
      `There is no metric '${name}' of a Batch account here. There are: ${known}.`,
    );
  });
}

/** Counts have no other sums, and no dimensions. @throws Fault BadRequest */
function requireTotals({ exchange }: ArmContext): void {
  const aggregation = exchange.query.get("aggregation") || "Total";
  if (aggregation.toLowerCase() !== "total")
    throw armFault("BadRequest", `The aggregation '${aggregation}' is not kept here: take Total.`);
  if (exchange.query.get("$filter"))
    throw armFault("BadRequest", "The metrics of a Batch account have no dimensions: $filter takes none.");
}
