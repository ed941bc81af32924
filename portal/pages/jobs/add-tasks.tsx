/** Adds tasks to a job: one, one like another, or many from a sweep, a table or JSON; what would be added is shown before. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { Form } from "react-aria-components/Form";
import { batchOf } from "../../api/batch.ts";
import { TASK_SETTABLE } from "../../api/settable.ts";
import { useAccountName, useMayHere } from "../../parts/account.ts";
import { AccountPage } from "../../parts/account-page.tsx";
import { ActionButton } from "../../parts/action-button.tsx";
import { type Body, bodyOf, bodyWith } from "../../parts/body/body-path.ts";
import { DraftNotice, useDraft } from "../../parts/body/draft.tsx";
import { useListSearch } from "../../parts/list/list-filter.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { TabList } from "../../parts/tab-list.tsx";
import { csvRows } from "./add/csv.ts";
import { sweepRows } from "./add/sweep.ts";
import { TaskPreview } from "./add/task-preview.tsx";
import { TaskSource, type TypedTasks, type Way } from "./add/task-source.tsx";
import { jsonTasks, type NewTask, tasksOf } from "./add/task-template.ts";

/** So many one request takes. Source: "Task - Add Collection". */
const REQUEST_MAX = 100;

const WAYS = [
  ["form", "One task"],
  ["sweep", "Parametric sweep"],
  ["csv", "CSV"],
  ["json", "JSON"],
] as const satisfies readonly (readonly [Way, string])[];

const EMPTY: TypedTasks = {
  way: "form",
  task: undefined,
  template: { id: "task-{n}", commandLine: "/bin/sh -c 'echo {n}'" },
  parameters: "n = 1..10",
  csvTemplate: { id: "{id}", commandLine: "{commandLine}" },
  csv: "id,commandLine\ntask-1,/bin/true",
  json: '[{ "id": "task-1", "commandLine": "/bin/sh -c \'echo hello\'" }]',
};

export function AddTasks() {
  const account = useAccountName();
  const { job = "" } = useParams({ strict: false });
  const { from } = useListSearch();
  const missing = useMayHere().batch("jobs/write");
  const source = useQuery({
    queryKey: ["clone", "task", account, job, from],
    queryFn: () => batchOf(account).task(job, from ?? ""),
    enabled: from !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const like: Body = source.data
    ? { ...bodyOf(source.data, TASK_SETTABLE), id: `${source.data.id}-copy` }
    : { id: "task-1", commandLine: "/bin/sh -c 'echo hello'" };
  const draft = useDraft<TypedTasks>(`${account}/${job}/add-tasks/${from ?? ""}`, EMPTY);
  const typed = draft.value;
  const task = typed.task ?? like;
  const tasks = useMemo(() => newTasks(typed, task), [typed, task]);
  const adding = useAdding(account, job, draft.drop);
  const shown = typeof tasks === "string" ? [] : tasks;
  const isIncomplete = shown.length === 0 || adding.mutation.isPending;
  const trail = `/accounts/${account}/jobs`;
  return (
    <AccountPage
      title={from === undefined ? `Add tasks to ${job}` : `New task like ${from}`}
      kind="Job"
      trail={[
        [trail, "Jobs"],
        [`${trail}/${encodeURIComponent(job)}`, job],
      ]}
      commands={{
        lines: [`az batch task create --job-id ${job} --json-file tasks.json`],
        request: `POST /jobs/${encodeURIComponent(job)}/addtaskcollection?api-version=2024-07-01.20.0`,
      }}
    >
      <Form
        className="form wide"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isIncomplete && missing === undefined) adding.mutation.mutate(shown);
        }}
      >
        <DraftNotice draft={draft} />
        <TabList
          label="Fill in as"
          tabs={WAYS}
          chosen={typed.way}
          onChoose={(way) => draft.set({ ...typed, way: way as Way })}
        />
        <TaskSource
          typed={typed}
          task={task}
          onChange={(change) => draft.set({ ...typed, ...change })}
          onTask={(path, value) => draft.set({ ...typed, task: bodyWith(task, path, value) })}
        />
        {typeof tasks === "string" ? <p role="alert">{tasks}</p> : <TaskPreview tasks={tasks} />}
        <RefusalNotice error={adding.mutation.error ?? source.error} />
        <div className="dialog-buttons">
          <ActionButton
            name={shown.length > 1 ? `Add ${shown.length.toLocaleString()} tasks` : "Add task"}
            isPrimary
            isDisabled={isIncomplete}
            missing={missing}
            onPress={() => adding.mutation.mutate(shown)}
          />
          <span aria-live="polite">{adding.done > 0 ? `${adding.done.toLocaleString()} added` : ""}</span>
        </div>
      </Form>
    </AccountPage>
  );
}

function newTasks(typed: TypedTasks, task: Body): readonly NewTask[] | string {
  if (typed.way === "json") return jsonTasks(typed.json);
  if (typed.way === "form") return tasksOf(task, [{}]);
  const rows = typed.way === "sweep" ? sweepRows(typed.parameters) : csvRows(typed.csv);
  if (typeof rows === "string") return rows;
  return tasksOf(typed.way === "sweep" ? typed.template : typed.csvTemplate, rows);
}

/** One request after the other. It stops at the first refusal, and says how many were added before. */
function useAdding(account: string, job: string, onAdded: () => void) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [done, setDone] = useState(0);
  const mutation = useMutation({
    meta: { notice: `Add tasks to ${job}` },
    mutationFn: async (all: readonly NewTask[]) => {
      let added = 0;
      setDone(added);
      for (let from = 0; from < all.length; from += REQUEST_MAX) {
        const { value } = await batchOf(account).tasksAdd(job, all.slice(from, from + REQUEST_MAX));
        const refused = value.find(({ status }) => status.toLowerCase() !== "success");
        added += value.filter(({ status }) => status.toLowerCase() === "success").length;
        setDone(added);
        if (refused)
          throw new Error(`Task ${refused.taskId}: ${refused.error?.message?.value ?? refused.error?.code}`);
      }
    },
    onSuccess: async () => {
      onAdded();
      await queries.invalidateQueries({ queryKey: ["tasks", account, job] });
      await navigate({ to: "/accounts/$account/jobs/$job", params: { account, job } });
    },
  });
  return { mutation, done };
}
