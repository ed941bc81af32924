/** A formula being written, in colours: a text area over its own coloured picture. */
import { useId, useMemo, useRef } from "react";
import { formulaSpans } from "./formula-spans.ts";

interface Props {
  readonly value: string;
  onChange(value: string): void;
}

const TEXT_MAX = 100_000;

export function FormulaEditor({ value, onChange }: Props) {
  const id = useId();
  const picture = useRef<HTMLPreElement>(null);
  const spans = useMemo(() => formulaSpans(value), [value]);
  return (
    <div className="field">
      <label className="label" htmlFor={id}>
        Formula
      </label>
      <div className="formula-editor">
        <pre ref={picture} aria-hidden="true">
          {spans.map(({ text, kind, start }) => (
            <span key={start} data-formula={kind}>
              {text}
            </span>
          ))}
          {"\n"}
        </pre>
        <textarea
          id={id}
          value={value}
          maxLength={TEXT_MAX}
          spellCheck={false}
          autoComplete="off"
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
          onScroll={({ currentTarget: { scrollTop, scrollLeft } }) => {
            picture.current?.scrollTo({ top: scrollTop, left: scrollLeft });
          }}
        />
      </div>
    </div>
  );
}
