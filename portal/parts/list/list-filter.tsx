/** A list's filter: by state, and by the beginning of the id. It is kept in the address. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { Input } from "react-aria-components/Input";
import { SearchField } from "react-aria-components/SearchField";
import type { ListSearch } from "../../routes.tsx";
import { Choice } from "../choice.tsx";

const TYPING_MS = 250;

export const useListSearch = (): ListSearch => useSearch({ strict: false });

/** Changes some of it, and leaves the rest. */
export function useSetListSearch() {
  const navigate = useNavigate();
  return (change: ListSearch) =>
    void navigate({ to: ".", search: (before: ListSearch) => ({ ...before, ...change }), replace: true });
}

interface Props {
  /** What is offered besides all of them. */
  readonly states: readonly (readonly [value: string, name: string])[];
  readonly stateLabel?: string;
  readonly textLabel: string;
  /** Further fields, by what they are kept as. */
  readonly fields?: readonly (readonly [name: FieldName, label: string])[];
}

type FieldName = "text" | "from" | "exit" | "node";

export function ListFilter({ states, stateLabel = "State", textLabel, fields = [] }: Props) {
  const { state = "" } = useListSearch();
  const set = useSetListSearch();
  return (
    <search className="list-filter">
      <FilterField name="text" label={textLabel} />
      {states.length > 0 && (
        <Choice
          label={stateLabel}
          value={state}
          options={[["", "All"], ...states]}
          onChange={(chosen) => set({ state: chosen })}
        />
      )}
      {fields.map(([name, label]) => (
        <FilterField key={name} name={name} label={label} />
      ))}
    </search>
  );
}

function FilterField({ name, label }: { readonly name: FieldName; readonly label: string }) {
  const { [name]: kept = "" } = useListSearch();
  const set = useSetListSearch();
  const [typed, setTyped] = useState(kept);
  const [before, setBefore] = useState(kept);
  // Changed by something else than this field.
  if (kept !== before) {
    setBefore(kept);
    setTyped(kept);
  }
  useEffect(() => {
    if (typed === kept) return;
    const timer = setTimeout(() => set({ [name]: typed }), TYPING_MS);
    return () => clearTimeout(timer);
  });
  return (
    <SearchField aria-label={label} className="field" value={typed} onChange={setTyped}>
      <Input className="input" placeholder={label} maxLength={64} />
    </SearchField>
  );
}
