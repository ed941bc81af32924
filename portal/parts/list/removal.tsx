/** How what is listed is removed: the buttons, the question before where it cannot be undone, and what was refused. */
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { ActionButton } from "../action-button.tsx";
import { ConfirmDialog } from "../confirm-dialog.tsx";
import { type Missing, useMay } from "../may.ts";
import { RefusalNotice } from "../refusal-notice.tsx";
import type { Column } from "./data-table.tsx";

interface Removal<Item> {
  /** What the buttons say; default Delete. */
  readonly verb?: string;
  /** What it is, as the notifications name it: "a client secret". */
  readonly what: string;
  readonly missing?: Missing;
  /** Instead, where what is listed lies in several places: which action is needed there. */
  readonly needed?: { readonly action: string; scopeOf(item: Item): string };
  remove(item: Item): Promise<unknown>;
  changed(): unknown;
  /** What is asked before; absent where it is done at once. */
  ask?(item: Item): { readonly title: string; readonly text: string };
}

const WIDTH = 110;

export function useRemoval<Item>(removal: Removal<Item>) {
  const { verb = "Delete", what, missing, needed, remove, changed, ask } = removal;
  const [asked, setAsked] = useState<Item>();
  const removing = useMutation({
    mutationFn: remove,
    onSettled: changed,
    meta: { notice: `${verb} ${what}` },
  });
  const press = (item: Item) => (ask ? setAsked(() => item) : removing.mutate(item));
  const column: Column<Item> = {
    name: verb,
    width: WIDTH,
    render: (item) => (
      <RemovalButton
        name={verb}
        missing={missing}
        action={needed?.action}
        scope={needed?.scopeOf(item)}
        onPress={() => press(item)}
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
  /** `press` is for a button that stands elsewhere. */
  return { column, notices, press };
}

interface ButtonProps {
  readonly name: string;
  readonly missing: Missing;
  readonly action: string | undefined;
  readonly scope: string | undefined;
  onPress(): void;
}

function RemovalButton({ name, missing, action, scope, onPress }: ButtonProps) {
  const may = useMay(scope);
  return <ActionButton name={name} missing={action ? may.action(action) : missing} onPress={onPress} />;
}
