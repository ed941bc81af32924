/** The column of a table by which its rows are removed: its buttons, the question before where it cannot be undone, and what was refused. */
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { ActionButton } from "../action-button.tsx";
import { ConfirmDialog } from "../confirm-dialog.tsx";
import type { Missing } from "../may.ts";
import { RefusalNotice } from "../refusal-notice.tsx";
import type { Column } from "./data-table.tsx";

interface Removal<Item> {
  /** What the buttons say; default Delete. */
  readonly verb?: string;
  /** What it is, as the notifications name it: "a client secret". */
  readonly what: string;
  readonly missing: Missing;
  remove(item: Item): Promise<unknown>;
  changed(): unknown;
  /** What is asked before; absent where it is done at once. */
  ask?(item: Item): { readonly title: string; readonly text: string };
}

const WIDTH = 110;

export function useRemoval<Item>({ verb = "Delete", what, missing, remove, changed, ask }: Removal<Item>) {
  const [asked, setAsked] = useState<Item>();
  const removing = useMutation({
    mutationFn: remove,
    onSettled: changed,
    meta: { notice: `${verb} ${what}` },
  });
  const column: Column<Item> = {
    name: verb,
    width: WIDTH,
    render: (item) => (
      <ActionButton
        name={verb}
        missing={missing}
        onPress={() => (ask ? setAsked(() => item) : removing.mutate(item))}
      />
    ),
  };
  const question = asked === undefined ? undefined : ask?.(asked);
  /** Belongs above the table. */
  const notices: ReactNode = (
    <>
      <RefusalNotice error={removing.error} />
      <ConfirmDialog
        isOpen={question !== undefined}
        title={question?.title ?? ""}
        confirm={verb}
        onConfirm={() => asked !== undefined && removing.mutate(asked)}
        onClose={() => setAsked(undefined)}
      >
        {question?.text}
      </ConfirmDialog>
    </>
  );
  return { column, notices };
}
