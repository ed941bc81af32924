/** The jobs of an account, with live counts; many at once can be enabled, disabled, terminated and deleted. */
import { Link, useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { batchOf, type models, quoted } from "../../api/batch.ts";
import { useAccountName, useMayHere } from "../../parts/account.ts";
import { AccountPage } from "../../parts/account-page.tsx";
import { ActionButton } from "../../parts/action-button.tsx";
import { FirstSteps } from "../../parts/first-steps.tsx";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { ListFilter, useListSearch } from "../../parts/list/list-filter.tsx";
import { usePagedList } from "../../parts/list/paged-list.ts";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";
import { TaskCounts } from "../../parts/task-counts.tsx";
import { TimeText } from "../../parts/time-text.tsx";
import { JobActions } from "./job-actions.tsx";

const STATES = ["active", "disabling", "disabled", "enabling", "terminating", "completed", "deleting"].map(
  (state) => [state, state] as const,
);
const SELECT = "id,displayName,state,creationTime,poolInfo,priority";

const columnsOf = (account: string): readonly Column<models.CloudJob>[] => [
  {
    name: "Job",
    width: "2fr",
    minWidth: 120,
    render: ({ id = "" }) => (
      <Link to="/accounts/$account/jobs/$job" params={{ account, job: id }} title={id}>
        {id}
      </Link>
    ),
  },
  { name: "State", minWidth: 95, render: ({ state }) => <StateBadge state={state} /> },
  {
    name: "Tasks",
    width: "2fr",
    minWidth: 204,
    render: ({ id = "", state }) => <TaskCounts account={account} job={id} isLive={state !== "completed"} />,
  },
  { name: "Pool", minWidth: 80, render: ({ poolInfo }) => poolInfo?.poolId ?? "–" },
  { name: "Priority", minWidth: 80, width: 80, render: ({ priority }) => priority },
  { name: "Created", minWidth: 190, render: ({ creationTime }) => <TimeText at={creationTime} /> },
];

export function Jobs() {
  const account = useAccountName();
  const { state, text } = useListSearch();
  const may = useMayHere();
  const navigate = useNavigate();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const columns = useMemo(() => columnsOf(account), [account]);
  const filter = [
    ...(state ? [`state eq '${state}'`] : []),
    ...(text ? [`startswith(id,${quoted(text)})`] : []),
  ].join(" and ");
  const { items, error, isPending, more, refetch } = usePagedList<models.CloudJob>({
    key: ["jobs", account, filter],
    fetch: (next) =>
      batchOf(account).jobs({ $filter: filter || undefined, $select: SELECT, maxresults: 1_000 }, next),
    isLive: true,
  });
  const chosen = [...selected];
  return (
    <AccountPage
      title="Jobs"
      kind="Batch account"
      actions={
        <>
          <ActionButton
            name="Add job"
            isPrimary
            missing={may.batch("jobs/write")}
            onPress={() => void navigate({ to: "/accounts/$account/new-job", params: { account } })}
          />
          <JobActions account={account} jobs={chosen} may={may} onDone={() => void refetch()} />
        </>
      }
      commands={{
        lines: ["./bin/batchyard.js run -- az batch job list"],
        request: `GET /jobs?${filter && `$filter=${filter}&`}api-version=2024-07-01.20.0`,
      }}
    >
      <ListFilter states={STATES} textLabel="Id begins with" />
      <RefusalNotice error={error} />
      {!isPending && error === null && (
        <DataTable
          label="Jobs"
          columns={columns}
          items={items}
          keyOf={({ id = "" }) => id}
          selected={selected}
          onSelect={setSelected}
          onEnd={more}
          empty={
            filter === "" ? <FirstSteps account={account} /> : <p className="nothing">No job is like that.</p>
          }
        />
      )}
    </AccountPage>
  );
}
