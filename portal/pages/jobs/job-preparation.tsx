/** How a job's preparation and release tasks went on each node. */
import { batchOf, type models } from "../../api/batch.ts";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { usePagedList } from "../../parts/list/paged-list.ts";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";
import { TimeText } from "../../parts/time-text.tsx";

type OnNode = models.JobPreparationAndReleaseTaskExecutionInformation;

const COLUMNS: readonly Column<OnNode>[] = [
  { name: "Node", width: "2fr", minWidth: 160, render: ({ nodeId }) => nodeId },
  {
    name: "Preparation",
    render: ({ jobPreparationTaskExecutionInfo: run }) => <StateBadge state={run?.result ?? run?.state} />,
  },
  {
    name: "Its exit code",
    render: ({ jobPreparationTaskExecutionInfo: run }) => run?.exitCode ?? "–",
  },
  {
    name: "Failure",
    width: "2fr",
    render: ({ jobPreparationTaskExecutionInfo: run, jobReleaseTaskExecutionInfo: release }) =>
      (run?.failureInfo ?? release?.failureInfo)?.message ?? "–",
  },
  {
    name: "Release",
    render: ({ jobReleaseTaskExecutionInfo: run }) => <StateBadge state={run?.result ?? run?.state} />,
  },
  {
    name: "Prepared",
    minWidth: 190,
    render: ({ jobPreparationTaskExecutionInfo: run }) => <TimeText at={run?.endTime} />,
  },
];

interface Props {
  readonly account: string;
  readonly job: string;
  readonly isLive: boolean;
}

export function JobPreparation({ account, job, isLive }: Props) {
  const { items, error, isPending, more } = usePagedList<OnNode>({
    key: ["preparations", account, job],
    fetch: (next) => batchOf(account).preparations(job)({}, next),
    isLive,
  });
  return (
    <section className="section" aria-label="Preparation and release">
      <h2>Preparation and release</h2>
      <RefusalNotice error={error} />
      {!isPending && error === null && (
        <DataTable
          label="Preparation and release"
          columns={COLUMNS}
          items={items}
          keyOf={({ nodeId = "" }) => nodeId}
          onEnd={more}
          empty={<p className="nothing">The job has not been on a node yet.</p>}
        />
      )}
    </section>
  );
}
