/** Makes a job, from nothing or like one that there is. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { batchOf } from "../../api/batch.ts";
import { JOB_SETTABLE } from "../../api/settable.ts";
import { useAccountName, useMayHere } from "../../parts/account.ts";
import { AccountPage } from "../../parts/account-page.tsx";
import { BodyText } from "../../parts/body/body-fields.tsx";
import { BodyFormPage, useBodyForm } from "../../parts/body/body-form.tsx";
import { type Body, bodyAt, bodyOf } from "../../parts/body/body-path.ts";
import { useListSearch } from "../../parts/list/list-filter.tsx";
import { JobFields } from "./job-fields.tsx";

export function NewJob() {
  const account = useAccountName();
  const { from } = useListSearch();
  const may = useMayHere();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const source = useQuery({
    queryKey: ["clone", "job", account, from],
    queryFn: () => batchOf(account).job(from ?? ""),
    enabled: from !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const proposed: Body = source.data
    ? { ...bodyOf(source.data, JOB_SETTABLE), id: `${source.data.id}-copy` }
    : {};
  const form = useBodyForm(`${account}/new-job/${from ?? ""}`, proposed);
  const adding = useMutation({
    meta: { notice: "Create a job" },
    mutationFn: () => batchOf(account).jobAdd(form.body),
    onSuccess: async () => {
      form.draft.drop();
      await queries.invalidateQueries({ queryKey: ["jobs", account] });
      await navigate({
        to: "/accounts/$account/jobs/$job",
        params: { account, job: String(form.body.id) },
      });
    },
  });
  return (
    <AccountPage
      title={from === undefined ? "New job" : `New job like ${from}`}
      kind="Batch account"
      trail={[[`/accounts/${account}/jobs`, "Jobs"]]}
      commands={{
        lines: ["az batch job create --json-file job.json"],
        request: "POST /jobs?api-version=2024-07-01.20.0",
      }}
    >
      <BodyFormPage
        form={form}
        submit="Create job"
        missing={may.batch("jobs/write")}
        isPending={adding.isPending}
        isIncomplete={!bodyAt(form.body, "id") || form.body.poolInfo === undefined}
        error={adding.error ?? source.error}
        onSubmit={() => adding.mutate()}
      >
        <BodyText form={form} path="id" label="Job ID" isRequired isFirst />
        <JobFields account={account} form={form} prefix="" />
      </BodyFormPage>
    </AccountPage>
  );
}
