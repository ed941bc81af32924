/** The tasks of a job, of any number: by state or only the failed ones, and what can be done with many of them at once. */
import { Link } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { Button } from "react-aria-components/Button";
import type { Selection } from "react-aria-components/Table";
import { batchOf, type models, quoted } from "../../api/batch.ts";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { ListFilter, useListSearch, useSetListSearch } from "../../parts/list/list-filter.tsx";
import { usePagedList } from "../../parts/list/paged-list.ts";
import type { May } from "../../parts/may.ts";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";
import { TimeText } from "../../parts/time-text.tsx";
import { LIVE_MS } from "../../queries.ts";
import type { ListSearch } from "../../routes.tsx";
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

const FIELDS = [
  ["exit", "Exit code"],
  ["node", "Node"],
  ["from", "From this ID on"],
] as const;

/** So many are kept in the page: each further page costs the table as much as all rows before it. The list goes on from the last of them. */
const LOADED_MAX = 5_000;

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
  const search = useListSearch();
  const { node = "" } = search;
  const set = useSetListSearch();
  const [selected, setSelected] = useState<Selection>(new Set());
  const columns = useMemo(() => columnsOf(account, job), [account, job]);
  const filter = filterOf(search);
  const list = usePagedList<models.CloudTask>({
    key: ["tasks", account, job, filter],
    fetch: (next) =>
      batchOf(account).tasks(job)({ $filter: filter || undefined, $select: SELECT, maxresults: PAGE }, next),
    liveMs: LIVE_MS,
  });
  const { items, error, isPending, hasMore, more, refetch } = list;
  const isFull = items.length >= LOADED_MAX;
  const loadMore = () => {
    if (!isFull) more();
  };
  const shown = useMemo(
    () => (node === "" ? items : items.filter(({ nodeInfo }) => nodeInfo?.nodeId?.includes(node))),
    [items, node],
  );
  // The service filters by no node: what is loaded is looked through, and more of it as long as there may be some.
  const isSearching = node !== "" && hasMore && !isFull;
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each page
  useEffect(() => {
    if (isSearching) more();
  }, [isSearching, items.length]);
  const chosen = selected === "all" ? shown.map(({ id = "" }) => id) : [...selected].map(String);
  return (
    <section className="section" aria-label="Tasks">
      <h2>Tasks</h2>
      <div className="section-bar">
        <ListFilter states={STATES} textLabel="Id begins with" fields={FIELDS} />
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
          items={shown}
          keyOf={({ id = "" }) => id}
          selected={selected}
          onSelect={setSelected}
          onEnd={loadMore}
          empty={
            <p className="nothing">
              {filter === "" && node === "" ? "This job has no tasks yet." : "No task is like that."}
            </p>
          }
        />
      )}
      {items.length >= PAGE && (
        <p className="kind">
          {items.length.toLocaleString()} tasks are loaded
          {hasMore && !isFull ? "; more come as you scroll on" : ""}.{" "}
          {node !== "" && "The service does not filter by node: those loaded are looked through. "}
          {hasMore && isFull && (
            <Button className="link-button" onPress={() => set({ from: items.at(-1)?.id ?? "" })}>
              Go on from {items.at(-1)?.id}
            </Button>
          )}
        </p>
      )}
    </section>
  );
}

function filterOf({ state = "", text, from, exit }: ListSearch): string {
  return [
    ...(FILTERS[state] ? [FILTERS[state]] : []),
    ...(text ? [`startswith(id,${quoted(text)})`] : []),
    ...(from ? [`id ge ${quoted(from)}`] : []),
    ...(exit && /^-?\d{1,10}$/.test(exit) ? [`executionInfo/exitCode eq ${exit}`] : []),
  ].join(" and ");
}
