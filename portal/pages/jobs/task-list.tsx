/** The tasks of a job, of any number: by state or only the failed ones, and what can be done with many of them at once. */
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { Button } from "react-aria-components/Button";
import { batchOf, type models, type Page, quoted } from "../../api/batch.ts";
import { type Column, DataTable, type Rows } from "../../parts/list/data-table.tsx";
import { EmptyList } from "../../parts/list/empty-list.tsx";
import { ListFilter, useListSearch, useSetListSearch } from "../../parts/list/list-filter.tsx";
import { usePageWindow } from "../../parts/list/page-window.ts";
import { usePagedList } from "../../parts/list/paged-list.ts";
import type { May } from "../../parts/may.ts";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";
import { TimeText } from "../../parts/time-text.tsx";
import type { ListSearch } from "../../routes.tsx";
import { TaskActions } from "./task-actions.tsx";

const SELECT = [
  "id,state,stateTransitionTime,nodeInfo/nodeId",
  ...["startTime", "exitCode", "result"].map((name) => `executionInfo/${name}`),
].join();
/** Tasks that are asked for at once: so many that a page that is looked at again costs little. */
const PAGE = 250;

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

/** The service filters by no node: so many tasks are looked through for those of one. */
const LOOKED_MAX = 5_000;

const columnsOf = (account: string, job: string): readonly Column<models.CloudTask>[] => [
  {
    name: "Task",
    width: "2fr",
    minWidth: 104,
    render: ({ id = "" }) => (
      <Link to="/accounts/$account/jobs/$job/tasks/$task" params={{ account, job, task: id }} title={id}>
        {id}
      </Link>
    ),
  },
  {
    name: "State",
    minWidth: 100,
    render: ({ state, executionInfo }) => (
      <StateBadge state={executionInfo?.result === "failure" ? "failed" : state} />
    ),
  },
  {
    name: "Exit code",
    width: 96,
    render: ({ executionInfo }) => executionInfo?.exitCode ?? "–",
  },
  { name: "Node", minWidth: 84, render: ({ nodeInfo }) => nodeInfo?.nodeId ?? "–" },
  {
    name: "Started",
    minWidth: 194,
    render: ({ executionInfo }) => <TimeText at={executionInfo?.startTime} />,
  },
  {
    name: "Since",
    minWidth: 194,
    render: ({ stateTransitionTime }) => <TimeText at={stateTransitionTime} />,
  },
];

interface Props {
  readonly account: string;
  readonly job: string;
  readonly may: May;
}

export function TaskList(props: Props) {
  const { node = "" } = useListSearch();
  return node === "" ? <AllTasks {...props} /> : <TasksOfNode {...props} node={node} />;
}

type Fetch = (next: string | undefined) => Promise<Page<models.CloudTask>>;

const tasksOf =
  (account: string, job: string, filter: string): Fetch =>
  (next) =>
    batchOf(account).tasks(job)({ $filter: filter || undefined, $select: SELECT, maxresults: PAGE }, next);

function AllTasks(props: Props) {
  const { account, job } = props;
  const filter = filterOf(useListSearch());
  const { items, hasMore, ...list } = usePageWindow<models.CloudTask>({
    key: ["tasks", account, job, filter],
    fetch: tasksOf(account, job, filter),
  });
  return (
    <Tasks {...props} {...list} items={items} filter={filter}>
      {items.length >= PAGE && (
        <p className="kind">
          {items.length.toLocaleString()} tasks were seen
          {hasMore ? "; more come as you scroll on, or from an id on" : ""}.
        </p>
      )}
    </Tasks>
  );
}

function TasksOfNode({ node, ...props }: Props & { readonly node: string }) {
  const { account, job } = props;
  const search = useListSearch();
  const set = useSetListSearch();
  const filter = filterOf(search);
  const list = usePagedList<models.CloudTask>({
    key: ["node-tasks", account, job, filter],
    fetch: tasksOf(account, job, filter),
  });
  const { items, hasMore, more } = list;
  const isFull = items.length >= LOOKED_MAX;
  const shown = useMemo(
    () => items.filter(({ nodeInfo }) => nodeInfo?.nodeId?.includes(node)),
    [items, node],
  );
  const isSearching = hasMore && !isFull;
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each page
  useEffect(() => {
    if (isSearching) more();
  }, [isSearching, items.length]);
  return (
    <Tasks {...props} {...list} items={shown} filter={`${filter} ${node}`}>
      <p className="kind">
        The service does not filter by node: {items.length.toLocaleString()} tasks were looked through.{" "}
        {hasMore && isFull && (
          <Button className="link-button" onPress={() => set({ from: items.at(-1)?.id ?? "" })}>
            Go on from {items.at(-1)?.id}
          </Button>
        )}
      </p>
    </Tasks>
  );
}

interface TasksProps extends Props {
  readonly items: Rows<models.CloudTask>;
  readonly filter: string;
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly show?: (first: number, end: number) => void;
  refetch(): Promise<unknown>;
  /** Below the table. */
  readonly children: ReactNode;
}

function Tasks({ account, job, may, children, ...list }: TasksProps) {
  const { items, filter, error, isPending, show, refetch } = list;
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const columns = useMemo(() => columnsOf(account, job), [account, job]);
  return (
    <section className="section" aria-label="Tasks">
      <h2>Tasks</h2>
      <div className="section-bar">
        <ListFilter states={STATES} textLabel="Id begins with" fields={FIELDS} />
        <TaskActions
          {...{ account, job, may }}
          tasks={[...selected]}
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
          {...(show && { onShow: show })}
          subject={filter}
          empty={
            filter === "" ? (
              <EmptyList
                text="This job has no tasks yet. One by one, from a table or as a sweep: Add tasks."
                command={`az batch task create --job-id ${job} --task-id first --command-line "/bin/echo hello"`}
              />
            ) : (
              <p className="nothing">No task is like that.</p>
            )
          }
        />
      )}
      {children}
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
