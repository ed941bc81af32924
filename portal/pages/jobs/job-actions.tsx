/** What can be done with one job or many. */
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { batchOf } from "../../api/batch.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { ConfirmDialog } from "../../parts/confirm-dialog.tsx";
import type { May } from "../../parts/may.ts";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";

interface Props {
  readonly account: string;
  readonly jobs: readonly string[];
  readonly may: May;
  onDone(): void;
  /** Instead of `onDone`, when they are being deleted. */
  onDeleted?(): void;
}

type Action = "enable" | "disable" | "terminate" | "delete";

export function JobActions({ account, jobs, may, onDone, onDeleted = onDone }: Props) {
  const batch = batchOf(account);
  const [asked, setAsked] = useState<"terminate" | "delete">();
  const acting = useMutation({
    meta: { notice: `Change ${jobs.length === 1 ? jobs[0] : `${jobs.length} jobs`}` },
    mutationFn: async (action: Action) => {
      const act = {
        enable: batch.jobEnable,
        disable: (id: string) => batch.jobDisable(id, "requeue"),
        terminate: batch.jobTerminate,
        delete: batch.jobDelete,
      }[action];
      for (const job of jobs) await act(job);
    },
    onSuccess: (_, action) => (action === "delete" ? onDeleted() : onDone()),
    onError: onDone,
  });
  const isDisabled = jobs.length === 0 || acting.isPending;
  const write = may.batch("jobs/write");
  return (
    <>
      <ActionButton
        name="Enable"
        {...{ isDisabled, missing: write }}
        onPress={() => acting.mutate("enable")}
      />
      <ActionButton
        name="Disable"
        {...{ isDisabled, missing: write }}
        onPress={() => acting.mutate("disable")}
      />
      <ActionButton
        name="Terminate"
        {...{ isDisabled, missing: write }}
        onPress={() => setAsked("terminate")}
      />
      <ActionButton
        name="Delete"
        {...{ isDisabled, missing: may.batch("jobs/delete") }}
        onPress={() => setAsked("delete")}
      />
      <RefusalNotice error={acting.error} />
      <ConfirmDialog
        isOpen={asked !== undefined}
        title={`${asked === "delete" ? "Delete" : "Terminate"} ${jobs.length === 1 ? jobs[0] : `${jobs.length} jobs`}?`}
        confirm={asked === "delete" ? "Delete" : "Terminate"}
        onConfirm={() => asked && acting.mutate(asked)}
        onClose={() => setAsked(undefined)}
      >
        {asked === "delete"
          ? "The jobs, their tasks and the tasks' files on nodes are removed."
          : "Tasks that run are ended, and none begins any more."}
      </ConfirmDialog>
    </>
  );
}
