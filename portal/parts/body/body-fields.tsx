/** Fields of a request's body, each bound to a path in it; what is left empty is not sent. */
import { useState } from "react";
import { Checkbox } from "react-aria-components/Checkbox";
import { Choice } from "../choice.tsx";
import { TextBox } from "../text-box.tsx";
import type { BodyForm } from "./body-form.tsx";
import { bodyAt } from "./body-path.ts";

/** A body that is being filled in. */
export type Filled = Pick<BodyForm, "body" | "set">;

interface Field {
  readonly form: Filled;
  readonly path: string;
  readonly label: string;
  readonly description?: string;
}

interface TextField extends Field {
  readonly isRequired?: boolean;
  readonly isFirst?: boolean;
  readonly isLong?: boolean;
  readonly placeholder?: string;
  readonly list?: readonly string[];
}

export function BodyText({ form, path, ...box }: TextField) {
  const value = bodyAt(form.body, path);
  return (
    <TextBox
      {...box}
      value={typeof value === "string" ? value : ""}
      onChange={(text) => form.set(path, text === "" ? undefined : text)}
    />
  );
}

export function BodyNumber({ form, path, ...box }: TextField) {
  const value = bodyAt(form.body, path);
  return (
    <TextBox
      {...box}
      type="number"
      value={typeof value === "number" ? String(value) : ""}
      onChange={(text) => form.set(path, text === "" ? undefined : Number(text))}
    />
  );
}

const wordsOf = (text: string): readonly string[] => text.split(/\s/).filter((word) => word !== "");

/** A list of words, with blanks between them. */
export function BodyWords({ form, path, ...box }: TextField) {
  const value = bodyAt(form.body, path);
  const given = Array.isArray(value) ? value.join(" ") : "";
  const [typed, setTyped] = useState(given);
  return (
    <TextBox
      {...box}
      // A blank at the end is a word that is about to come.
      value={wordsOf(typed).join(" ") === given ? typed : given}
      onChange={(text) => {
        setTyped(text);
        const words = wordsOf(text);
        form.set(path, words.length === 0 ? undefined : words);
      }}
    />
  );
}

interface ChoiceField extends Field {
  readonly options: readonly (readonly [value: string, name: string])[];
  /** What holds while nothing is chosen; choosing it sends nothing. */
  readonly usual: string;
}

export function BodyChoice({ form, path, label, options, usual }: ChoiceField) {
  const value = bodyAt(form.body, path);
  return (
    <Choice
      label={label}
      value={typeof value === "string" ? value : usual}
      options={options}
      onChange={(chosen) => form.set(path, chosen === usual ? undefined : chosen)}
    />
  );
}

export function BodyCheck({ form, path, label }: Field) {
  return (
    <Tick
      label={label}
      isSelected={bodyAt(form.body, path) === true}
      onChange={(isTicked) => form.set(path, isTicked ? true : undefined)}
    />
  );
}

interface TickProps {
  readonly label: string;
  readonly isSelected: boolean;
  onChange(isSelected: boolean): void;
}

export function Tick({ label, isSelected, onChange }: TickProps) {
  return (
    <Checkbox className="option" isSelected={isSelected} onChange={onChange}>
      <span className="check-mark" aria-hidden="true" />
      {label}
    </Checkbox>
  );
}
