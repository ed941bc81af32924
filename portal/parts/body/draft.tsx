/** What is typed into a form, kept until it is sent or thrown away, and there again when the page is. */
import { useRouter } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { Button } from "react-aria-components/Button";
import { dropDraft, keepDraft, keptDraft } from "../../api/drafts.ts";

export interface Draft<Value extends object> {
  readonly value: Value;
  set(value: Value): void;
  /** It was there when the page came. */
  readonly isKept: boolean;
  /** Forgets what was typed, and begins anew. */
  discard(): void;
  /** Forgets what was typed: it was sent. */
  drop(): void;
}

/** @param name of the form, with whatever tells it from others like it */
export function useDraft<Value extends object>(name: string, initial: Value): Draft<Value> {
  const { objectId } = useRouter().options.context.user;
  const [state, setState] = useState(() => {
    const kept = keptDraft(objectId, name) as Value | undefined;
    return { value: kept, isKept: kept !== undefined };
  });
  const set = useCallback(
    (value: Value) => {
      setState((before) => ({ ...before, value }));
      keepDraft(objectId, name, value);
    },
    [objectId, name],
  );
  return {
    // What is proposed may come later than the page; what is typed goes before it.
    value: state.value === undefined ? initial : { ...initial, ...state.value },
    set,
    isKept: state.isKept,
    discard: () => {
      dropDraft(objectId, name);
      setState({ value: undefined, isKept: false });
    },
    drop: () => dropDraft(objectId, name),
  };
}

export function DraftNotice({ draft }: { readonly draft: Pick<Draft<object>, "isKept" | "discard"> }) {
  if (!draft.isKept) return null;
  return (
    <div className="banner" role="status">
      What you had typed here is still there.{" "}
      <Button className="button" onPress={draft.discard}>
        Begin anew
      </Button>
    </div>
  );
}
