/** What a task was given: environment, files, what it depends on; and how often it was tried. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { models } from "../../api/batch.ts";
import { Essentials, type Fact } from "../../parts/essentials.tsx";
import { TimeText } from "../../parts/time-text.tsx";

interface Props {
  readonly account: string;
  readonly job: string;
  readonly task: models.CloudTask;
}

export function TaskDetails({ account, job, task }: Props) {
  return (
    <div className="beside">
      <Attempts task={task} />
      <Pairs
        title="Environment"
        pairs={(task.environmentSettings ?? []).map(({ name, value }) => [name, value ?? ""])}
      />
      <Pairs title="Resource files" pairs={(task.resourceFiles ?? []).map(resourceFile)} />
      <Pairs
        title="Output files"
        pairs={(task.outputFiles ?? []).map(({ filePattern, destination, uploadOptions }) => [
          `${filePattern} (${uploadOptions.uploadCondition})`,
          [withoutSignature(destination.container?.containerUrl), destination.container?.path]
            .filter(Boolean)
            .join(" / "),
        ])}
      />
      <DependsOn {...{ account, job, task }} />
    </div>
  );
}

/** What gives access is not shown where nobody asked for it. */
const withoutSignature = (url: string | undefined): string => url?.split("?")[0] ?? "";

function resourceFile(file: models.ResourceFile): readonly [string, string] {
  const from = file.httpUrl ?? file.storageContainerUrl ?? file.autoStorageContainerName;
  const prefix = file.blobPrefix === undefined ? "" : ` (blobs ${file.blobPrefix}…)`;
  return [file.filePath ?? "./", withoutSignature(from) + prefix];
}

interface PairsProps {
  readonly title: string;
  readonly pairs: readonly (readonly [name: string, value: string])[];
}

function Pairs({ title, pairs }: PairsProps) {
  if (pairs.length === 0) return null;
  return (
    <Card title={title}>
      <dl className="variables">
        {pairs.map(([name, value], index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two files may go by one name
          <div key={index}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Card({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="card wide" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Attempts({
  task: { executionInfo: run, constraints, requiredSlots },
}: Omit<Props, "account" | "job">) {
  const facts: readonly Fact[] = [
    { name: "Retries", value: run && `${run.retryCount} of ${retries(constraints?.maxTaskRetryCount)}` },
    ...(run?.lastRetryTime ? [{ name: "Last retry", value: <TimeText at={run.lastRetryTime} /> }] : []),
    { name: "Times put back", value: run?.requeueCount },
    ...(run?.lastRequeueTime
      ? [{ name: "Last put back", value: <TimeText at={run.lastRequeueTime} /> }]
      : []),
    { name: "Slots", value: requiredSlots ?? 1 },
    { name: "Longest time", value: limited(constraints?.maxWallClockTime) ?? "No limit" },
    { name: "Files are kept for", value: limited(constraints?.retentionTime) ?? "As long as the node" },
  ];
  return (
    <section aria-label="Attempts">
      <Essentials facts={facts} />
    </section>
  );
}

/** What the service answers for a time without an end: the longest that .NET knows. */
const ENDLESS = "P10675199DT2H48M5.4775807S";

const limited = (duration: string | undefined): string | undefined =>
  duration === ENDLESS ? undefined : duration;

const retries = (most: number | undefined): string => (most === -1 ? "any number" : String(most ?? 0));

function DependsOn({ account, job, task: { dependsOn } }: Props) {
  const { taskIds = [], taskIdRanges = [] } = dependsOn ?? {};
  if (taskIds.length + taskIdRanges.length === 0) return null;
  return (
    <Card title="Depends on">
      <p className="links">
        {taskIds.map((id) => (
          <Link key={id} to="/accounts/$account/jobs/$job/tasks/$task" params={{ account, job, task: id }}>
            {id}
          </Link>
        ))}
        {taskIdRanges.map(({ start, end }) => (
          <span key={`${start}-${end}`}>
            {start} to {end}
          </span>
        ))}
      </p>
    </Card>
  );
}
