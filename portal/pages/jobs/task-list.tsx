/** The tasks of a job, of any number: by state or only the failed ones, and what can be done with many of them at once. */
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import type { Selection } from "react-aria-components/Table";
import { batchOf, type models } from "../../api/batch.ts";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { ListFilter, useListSearch } from "../../parts/list/list-filter.tsx";
import { usePagedList } from "../../parts/list/paged-list.ts";
import type { May } from "../../parts/may.ts";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";
import { TimeText } from "../../parts/time-text.tsx";
import { LIVE_MS } from "../../queries.ts";
import { TaskActions } from "./task-actions.tsx";

const SELECT = "id,displayName,state,stateTransitionTime,executionInfo,nodeInfo";
const PAGE = 1_000;

/** What each choice asks the service for. */
const FILTERS: Readonly<Record<string, string>> = {
  failed: "executionInfo/result eq 'failure'",
  active: "state eq 'active'",
  preparing: "state eq 'preparing'",
  running: "state eq 'running'",
  completed: "state eq 'completed'",
};

const STATES = [
  ["failed", "Failed"],
  ["active", "Active"],
  ["preparing", "Preparing"],
  ["running", "Running"],
  ["completed", "Completed"],
] as const;

const columnsOf = (account: string, job: string): readonly Column<models.CloudTask>[] => [
  {
    name: "Task",
    width: "2fr",
    minWidth: 150,
    render: ({ id = "" }) => (
      <Link to="/accounts/$account/jobs/$job/tasks/$task" params={{ account, job, task: id }} title={id}>
        {id}
      </Link>
    ),
  },
  {
    name: "State",
    render: ({ state, executionInfo }) => (
      <StateBadge state={executionInfo?.result === "failure" ? "failed" : state} />
    ),
  },
  {
    name: "Exit code",
    minWidth: 80,
    width: 90,
    render: ({ executionInfo }) => executionInfo?.exitCode ?? "–",
  },
  { name: "Node", minWidth: 140, render: ({ nodeInfo }) => nodeInfo?.nodeId ?? "–" },
  {
    name: "Started",
    minWidth: 190,
    render: ({ executionInfo }) => <TimeText at={executionInfo?.startTime} />,
  },
  {
    name: "Since",
    minWidth: 190,
    render: ({ stateTransitionTime }) => <TimeText at={stateTransitionTime} />,
  },
];

interface Props {
  readonly account: string;
  readonly job: string;
  readonly may: May;
}

export function TaskList({ account, job, may }: Props) {
  const { state = "", text } = useListSearch();
  const [selected, setSelected] = useState<Selection>(new Set());
  const columns = useMemo(() => columnsOf(account, job), [account, job]);
  const filter = [
    ...(FILTERS[state] ? [FILTERS[state]] : []),
    ...(text ? [`startswith(id,'${text.replaceAll("'", "''")}')`] : []),
  ].join(" and ");
  const { items, error, isPending, hasMore, more, refetch } = usePagedList<models.CloudTask>({
    key: ["tasks", account, job, filter],
    fetch: (next) =>
      batchOf(account).tasks(job)({ $filter: filter || undefined, $select: SELECT, maxresults: PAGE }, next),
    liveMs: LIVE_MS,
  });
  const chosen = selected === "all" ? items.map(({ id = "" }) => id) : [...selected].map(String);
  return (
    <section className="section" aria-label="Tasks">
      <h2>Tasks</h2>
      <div className="section-bar">
        <ListFilter states={STATES} textLabel="Id begins with" />
        <TaskActions
          {...{ account, job, may }}
          tasks={chosen}
          onDone={() => {
            setSelected(new Set());
            void refetch();
          }}
        />
      </div>
      <RefusalNotice error={error} />
      {!isPending && error === null && (
        <DataTable
          label="Tasks"
          columns={columns}
          items={items}
          keyOf={({ id = "" }) => id}
          selected={selected}
          onSelect={setSelected}
          onEnd={more}
          empty={
            <p className="nothing">
              {filter === "" ? "This job has no tasks yet." : "No task is like that."}
            </p>
          }
        />
      )}
      {items.length >= PAGE && (
        <p className="kind">
          {items.length.toLocaleString()} tasks are loaded{hasMore ? "; more come as you scroll on" : ""}.
        </p>
      )}
    </section>
  );
}
