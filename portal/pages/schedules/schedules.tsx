/** The job schedules of an account, with their next runs. */
import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { batchOf, type models } from "../../api/batch.ts";
import { useAccountName, useMayHere } from "../../parts/account.ts";
import { AccountPage } from "../../parts/account-page.tsx";
import { ActionButton } from "../../parts/action-button.tsx";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { EmptyList } from "../../parts/list/empty-list.tsx";
import { usePagedList } from "../../parts/list/paged-list.ts";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";
import { TimeText } from "../../parts/time-text.tsx";
import { NextRuns } from "./next-runs.tsx";

const columnsOf = (account: string): readonly Column<models.CloudJobSchedule>[] => [
  { name: "Job schedule", width: "2fr", minWidth: 150, render: ({ id }) => id },
  { name: "State", render: ({ state }) => <StateBadge state={state} /> },
  { name: "Every", render: ({ schedule }) => schedule?.recurrenceInterval ?? "Once" },
  {
    name: "Next run",
    minWidth: 190,
    render: ({ executionInfo }) => <TimeText at={executionInfo?.nextRunTime} />,
  },
  {
    name: "Recent job",
    width: "2fr",
    minWidth: 150,
    render: ({ executionInfo }) => {
      const job = executionInfo?.recentJob?.id;
      if (!job) return "–";
      return (
        <Link to="/accounts/$account/jobs/$job" params={{ account, job }}>
          {job}
        </Link>
      );
    },
  },
];

export function Schedules() {
  const account = useAccountName();
  const batch = batchOf(account);
  const may = useMayHere();
  const navigate = useNavigate();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const columns = useMemo(() => columnsOf(account), [account]);
  const { items, error, isPending, more, refetch } = usePagedList<models.CloudJobSchedule>({
    key: ["schedules", account],
    fetch: (next) => batch.schedules({}, next),
    isLive: true,
  });
  const chosen = [...selected];
  const one = chosen.length === 1 ? items.find(({ id }) => id === chosen[0]) : undefined;
  const acting = useMutation({
    meta: { notice: "Change job schedules" },
    mutationFn: async (act: (id: string) => Promise<void>) => {
      for (const id of chosen) await act(id);
    },
    onSettled: () => refetch(),
  });
  const isDisabled = chosen.length === 0 || acting.isPending;
  const missing = may.batch("jobSchedules/write");
  return (
    <AccountPage
      title="Job schedules"
      kind="Batch account"
      actions={
        <>
          <ActionButton
            name="Add job schedule"
            isPrimary
            missing={missing}
            onPress={() => void navigate({ to: "/accounts/$account/new-schedule", params: { account } })}
          />
          <ActionButton
            name="Clone"
            missing={missing}
            isDisabled={chosen.length !== 1}
            onPress={() =>
              void navigate({
                to: "/accounts/$account/new-schedule",
                params: { account },
                search: { from: chosen[0] ?? "" },
              })
            }
          />
          <ActionButton
            name="Enable"
            {...{ isDisabled, missing }}
            onPress={() => acting.mutate(batch.scheduleEnable)}
          />
          <ActionButton
            name="Disable"
            {...{ isDisabled, missing }}
            onPress={() => acting.mutate(batch.scheduleDisable)}
          />
          <ActionButton
            name="Delete"
            {...{ isDisabled, missing: may.batch("jobSchedules/delete") }}
            onPress={() => acting.mutate(batch.scheduleDelete)}
          />
        </>
      }
      commands={{
        lines: ["az batch job-schedule list"],
        request: "GET /jobschedules?api-version=2024-07-01.20.0",
      }}
    >
      <RefusalNotice error={error ?? acting.error} />
      {!isPending && error === null && (
        <DataTable
          label="Job schedules"
          columns={columns}
          items={items}
          keyOf={({ id = "" }) => id}
          selected={selected}
          onSelect={setSelected}
          onEnd={more}
          empty={
            <EmptyList
              text={
                "There is no job schedule here. One makes its job again and again, at the times that it says."
              }
              command={"az batch job-schedule create --id nightly --recurrence-interval P1D --pool-id POOL"}
            />
          }
        />
      )}
      {one && (
        <section className="card" aria-label={`Next runs of ${one.id}`}>
          <h2>Next runs of {one.id}</h2>
          {one.state === "active" ? (
            <NextRuns times={one.schedule ?? {}} first={one.executionInfo?.nextRunTime} />
          ) : (
            <p>It is {one.state}.</p>
          )}
          <p className="kind">A job that still runs keeps the next one back.</p>
        </section>
      )}
    </AccountPage>
  );
}
