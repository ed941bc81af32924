/** What can be done with tasks: those chosen, or all that failed. */
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type Batch, batchOf } from "../../api/batch.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { ConfirmDialog } from "../../parts/confirm-dialog.tsx";
import type { May } from "../../parts/may.ts";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";

interface Props {
  readonly account: string;
  readonly job: string;
  readonly may: May;
  readonly tasks: readonly string[];
  onDone(): void;
}

/** So many requests are on their way at once. */
const AT_ONCE = 8;

type Action = "Terminate" | "Reactivate" | "Delete";

const METHODS: Readonly<Record<Action, "taskTerminate" | "taskReactivate" | "taskDelete">> = {
  Terminate: "taskTerminate",
  Reactivate: "taskReactivate",
  Delete: "taskDelete",
};

export function TaskActions({ account, job, may, tasks, onDone }: Props) {
  const batch = batchOf(account);
  const [done, setDone] = useState<number>();
  const [asked, setAsked] = useState<Action | "Delete all failed">();
  const acting = useMutation({
    meta: { notice: `Change tasks of ${job}` },
    mutationFn: async ({ action, ids }: { action: Action; ids: readonly string[] | "failed" }) => {
      const act = batch[METHODS[action]];
      let count = 0;
      for await (const id of inTurns(ids === "failed" ? failedTasks(batch, job) : fromArray(ids), (each) =>
        act(job, each),
      )) {
        if (id !== undefined) setDone(++count);
      }
    },
    onSettled: () => {
      setDone(undefined);
      onDone();
    },
  });
  const isAllFailed = asked === "Delete all failed";
  const missing = may.batch("jobs/write");
  const isDisabled = tasks.length === 0 || acting.isPending;
  return (
    <div className="section-actions">
      <ActionButton
        name="Reactivate"
        {...{ isDisabled, missing }}
        onPress={() => acting.mutate({ action: "Reactivate", ids: tasks })}
      />
      <ActionButton name="Terminate" {...{ isDisabled, missing }} onPress={() => setAsked("Terminate")} />
      <ActionButton name="Delete tasks" {...{ isDisabled, missing }} onPress={() => setAsked("Delete")} />
      <ActionButton
        name="Reactivate all failed"
        isDisabled={acting.isPending}
        missing={missing}
        onPress={() => acting.mutate({ action: "Reactivate", ids: "failed" })}
      />
      <ActionButton
        name="Delete all failed"
        isDisabled={acting.isPending}
        missing={missing}
        onPress={() => setAsked("Delete all failed")}
      />
      <span aria-live="polite">{done === undefined ? "" : `${done} done`}</span>
      <RefusalNotice error={acting.error} />
      <ConfirmDialog
        isOpen={asked !== undefined}
        title={isAllFailed ? "Delete all failed tasks?" : `${asked} ${named(tasks)}?`}
        confirm={asked ?? ""}
        onConfirm={() => {
          if (asked === "Delete all failed") acting.mutate({ action: "Delete", ids: "failed" });
          else if (asked) acting.mutate({ action: asked, ids: tasks });
        }}
        onClose={() => setAsked(undefined)}
      >
        {asked === "Terminate" ? "What runs is ended." : "Their files on nodes are removed, too."}
      </ConfirmDialog>
    </div>
  );
}

const named = (tasks: readonly string[]): string =>
  tasks.length === 1 ? `task ${tasks[0]}` : `${tasks.length} tasks`;

async function* fromArray(ids: readonly string[]) {
  yield* ids;
}

async function* failedTasks(batch: Batch, job: string) {
  const list = batch.tasks(job);
  let next: string | undefined;
  do {
    const page = await list({ $filter: "executionInfo/result eq 'failure'", $select: "id" }, next);
    for (const { id } of page.value) if (id !== undefined) yield id;
    next = page.next;
  } while (next);
}

/** A few at a time; stops at the first refusal. */
async function* inTurns(ids: AsyncIterable<string>, act: (id: string) => Promise<void>) {
  let running: Promise<string>[] = [];
  for await (const id of ids) {
    running.push(act(id).then(() => id));
    if (running.length < AT_ONCE) continue;
    yield* await Promise.all(running);
    running = [];
  }
  yield* await Promise.all(running);
}
