/** A page on which the body of a request is filled in: by fields, or as the JSON that is sent. Both are the same body. */
import { type ReactNode, useState } from "react";
import { Form } from "react-aria-components/Form";
import { ActionButton } from "../action-button.tsx";
import type { Missing } from "../may.ts";
import { RefusalNotice } from "../refusal-notice.tsx";
import { TabList } from "../tab-list.tsx";
import { TextBox } from "../text-box.tsx";
import { type Body, bodyWith, parsedBody } from "./body-path.ts";
import { type Draft, DraftNotice, useDraft } from "./draft.tsx";

interface Typed {
  readonly body: Body | undefined;
  /** JSON that is being typed and is none yet. */
  readonly text: string | undefined;
}

export interface BodyForm {
  readonly body: Body;
  /** What keeps it from being sent, in words. */
  readonly problem: string | undefined;
  readonly text: string;
  set(path: string, value: unknown): void;
  replace(body: Body): void;
  setText(text: string): void;
  readonly draft: Draft<Typed>;
}

/** @param name of the draft @param initial what is proposed; it may change until something is typed */
export function useBodyForm(name: string, initial: Body): BodyForm {
  const draft = useDraft<Typed>(name, { body: undefined, text: undefined });
  const { value, set } = draft;
  const body = value.body ?? initial;
  const parsed = value.text === undefined ? body : parsedBody(value.text);
  return {
    body,
    problem: typeof parsed === "string" ? parsed : undefined,
    text: value.text ?? JSON.stringify(body, null, 2),
    set: (path, member) => set({ body: bodyWith(body, path, member), text: undefined }),
    replace: (whole) => set({ body: whole, text: undefined }),
    setText: (text) => {
      const given = parsedBody(text);
      set({ body: typeof given === "string" ? body : given, text });
    },
    draft,
  };
}

interface Props {
  readonly form: BodyForm;
  /** What the button says. */
  readonly submit: string;
  readonly missing?: Missing;
  readonly isPending: boolean;
  /** Something is still missing. */
  readonly isIncomplete?: boolean;
  readonly error: unknown;
  onSubmit(): void;
  readonly children: ReactNode;
}

const WAYS = [
  ["form", "Form"],
  ["json", "JSON"],
] as const;

export function BodyFormPage(props: Props) {
  const { form, submit, missing, isPending, isIncomplete = false, error, onSubmit, children } = props;
  const [way, setWay] = useState("form");
  const cannot = isPending || isIncomplete || form.problem !== undefined;
  return (
    <Form
      className="form wide"
      onSubmit={(event) => {
        event.preventDefault();
        if (!cannot && missing === undefined) onSubmit();
      }}
    >
      <DraftNotice draft={form.draft} />
      <TabList label="Fill in as" tabs={WAYS} chosen={way} onChoose={setWay} />
      {way === "form" ? (
        children
      ) : (
        <TextBox
          label="Request body"
          isLong
          value={form.text}
          onChange={form.setText}
          description="What the form says, as it is sent. Everything that the API takes can be written here."
        />
      )}
      {form.problem && <p role="alert">{form.problem}</p>}
      <RefusalNotice error={error} />
      <div className="dialog-buttons">
        <ActionButton
          name={submit}
          isPrimary
          isDisabled={cannot}
          {...(missing && { missing })}
          onPress={onSubmit}
        />
      </div>
    </Form>
  );
}
