/** Makes a job schedule, from nothing or like one that there is, with the times at which it would run. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { batchOf } from "../../api/batch.ts";
import { SCHEDULE_SETTABLE } from "../../api/settable.ts";
import { useAccountName, useMayHere } from "../../parts/account.ts";
import { AccountPage } from "../../parts/account-page.tsx";
import { BodyText } from "../../parts/body/body-fields.tsx";
import { BodyFormPage, useBodyForm } from "../../parts/body/body-form.tsx";
import { type Body, bodyAt, bodyOf } from "../../parts/body/body-path.ts";
import { useListSearch } from "../../parts/list/list-filter.tsx";
import { JobFields } from "../jobs/job-fields.tsx";
import { NextRuns } from "./next-runs.tsx";
import type { ScheduleTimes } from "./schedule-runs.ts";

export function NewSchedule() {
  const account = useAccountName();
  const { from } = useListSearch();
  const missing = useMayHere().batch("jobSchedules/write");
  const navigate = useNavigate();
  const queries = useQueryClient();
  const source = useQuery({
    queryKey: ["clone", "schedule", account, from],
    queryFn: () => batchOf(account).schedule(from ?? ""),
    enabled: from !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const proposed: Body = source.data
    ? { ...bodyOf(source.data, SCHEDULE_SETTABLE), id: `${source.data.id}-copy` }
    : { schedule: { recurrenceInterval: "PT1H" } };
  const form = useBodyForm(`${account}/new-schedule/${from ?? ""}`, proposed);
  const adding = useMutation({
    meta: { notice: "Create a job schedule" },
    mutationFn: () => batchOf(account).scheduleAdd({ schedule: {}, ...form.body }),
    onSuccess: async () => {
      form.draft.drop();
      await queries.invalidateQueries({ queryKey: ["schedules", account] });
      await navigate({ to: "/accounts/$account/schedules", params: { account } });
    },
  });
  const schedules = `/accounts/${account}/schedules`;
  return (
    <AccountPage
      title={from === undefined ? "New job schedule" : `New job schedule like ${from}`}
      kind="Batch account"
      trail={[[schedules, "Job schedules"]]}
      commands={{
        lines: ["az batch job-schedule create --json-file schedule.json"],
        request: "POST /jobschedules?api-version=2024-07-01.20.0",
      }}
    >
      <BodyFormPage
        form={form}
        submit="Create job schedule"
        missing={missing}
        isPending={adding.isPending}
        isIncomplete={!bodyAt(form.body, "id") || !bodyAt(form.body, "jobSpecification.poolInfo")}
        error={adding.error ?? source.error}
        onSubmit={() => adding.mutate()}
      >
        <BodyText form={form} path="id" label="Job schedule ID" isRequired isFirst />
        <div className="form-columns">
          <BodyText
            form={form}
            path="schedule.recurrenceInterval"
            label="Every"
            placeholder="Once"
            description="An ISO 8601 duration such as PT1H or P1D; empty for once"
          />
          <BodyText
            form={form}
            path="schedule.doNotRunUntil"
            label="Not before"
            placeholder={new Date(Date.now()).toISOString().slice(0, 19).concat("Z")}
            description="A time in UTC; empty for at once"
          />
          <BodyText form={form} path="schedule.doNotRunAfter" label="Not after" description="A time in UTC" />
          <BodyText
            form={form}
            path="schedule.startWindow"
            label="At most so late"
            description="An ISO 8601 duration, from PT1M on; an occurrence that is later is left out"
          />
        </div>
        <section className="card" aria-label="Next runs">
          <h2>Next runs</h2>
          <NextRuns times={(form.body.schedule ?? {}) as ScheduleTimes} first={undefined} />
        </section>
        <h2>Its jobs</h2>
        <JobFields account={account} form={form} prefix="jobSpecification." />
      </BodyFormPage>
    </AccountPage>
  );
}
