/** How a job went over time: its bars on the nodes, and how many waited, ran and ended. */
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { LineChart } from "../../../parts/chart/line-chart.tsx";
import { RefusalNotice } from "../../../parts/refusal-notice.tsx";
import { useTaskCounts } from "../../../parts/task-counts.tsx";
import { GanttChart } from "./gantt-chart.tsx";
import { ganttOf } from "./gantt-layout.ts";
import { type CountSample, type Rates, sampledRates, taskRates, withSample } from "./task-rates.ts";
import { PICTURED_MAX, useTaskTimes } from "./task-times.ts";

interface Props {
  readonly account: string;
  readonly job: string;
  readonly isLive: boolean;
}

export function JobTimeline({ account, job, isLive }: Props) {
  const navigate = useNavigate();
  const { data, error, dataUpdatedAt } = useTaskTimes(account, job, isLive);
  const gantt = useMemo(
    () => ganttOf([...(data?.tasks.values() ?? [])], dataUpdatedAt),
    [data, dataUpdatedAt],
  );
  return (
    <section className="section" aria-label="Timeline">
      <h2>Timeline</h2>
      <RefusalNotice error={error} />
      {data?.isPart && (
        <p className="kind">
          {PICTURED_MAX.toLocaleString()} tasks are drawn, the first by their IDs; the job has more.
        </p>
      )}
      {data && gantt.nodes.length === 0 && <p className="nothing">No task has begun yet.</p>}
      {gantt.nodes.length > 0 && (
        <GanttChart
          gantt={gantt}
          onOpen={(task) =>
            void navigate({
              to: "/accounts/$account/jobs/$job/tasks/$task",
              params: { account, job, task },
            })
          }
        />
      )}
    </section>
  );
}

export function JobCharts({ account, job, isLive }: Props) {
  const { data, error, dataUpdatedAt } = useTaskTimes(account, job, isLive);
  const samples = useCountSamples(account, job, isLive);
  const rates = useMemo(
    () =>
      data?.isPart ? sampledRates(samples) : taskRates([...(data?.tasks.values() ?? [])], dataUpdatedAt),
    [data, dataUpdatedAt, samples],
  );
  return (
    <section className="section" aria-label="Charts">
      <h2>Tasks over time</h2>
      <RefusalNotice error={error} />
      {data?.isPart && (
        <p className="kind">
          There are too many tasks to look at each: the charts begin when this view was opened.
        </p>
      )}
      {data && <Charts rates={rates} />}
    </section>
  );
}

function Charts({ rates }: { readonly rates: Rates }) {
  return (
    <div className="beside">
      <LineChart
        label="Waiting and running"
        times={rates.times}
        lines={[
          { name: "Waiting", part: "active", values: rates.waiting },
          { name: "Running", part: "running", values: rates.running },
        ]}
      />
      <LineChart
        label="Completed per minute"
        times={rates.times}
        lines={[
          { name: "Succeeded", part: "succeeded", values: rates.succeeded },
          { name: "Failed", part: "failed", values: rates.failed },
        ]}
      />
    </div>
  );
}

function useCountSamples(account: string, job: string, isLive: boolean): readonly CountSample[] {
  const { data, dataUpdatedAt } = useTaskCounts(account, job, isLive);
  const [samples, setSamples] = useState<readonly CountSample[]>([]);
  useEffect(() => {
    if (data === undefined) return;
    const { active, running, succeeded, failed } = data;
    setSamples((before) => withSample(before, { at: dataUpdatedAt, active, running, succeeded, failed }));
  }, [data, dataUpdatedAt]);
  return samples;
}
