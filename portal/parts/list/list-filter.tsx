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
  readonly textLabel: string;
}

export function ListFilter({ states, textLabel }: Props) {
  const { state = "", text = "" } = useListSearch();
  const set = useSetListSearch();
  const [typed, setTyped] = useState(text);
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => set({ text: typed }), TYPING_MS);
    return () => clearTimeout(timer);
  });
  return (
    <search className="list-filter">
      <SearchField aria-label={textLabel} className="field" value={typed} onChange={setTyped}>
        <Input className="input" placeholder={textLabel} maxLength={64} />
      </SearchField>
      {states.length > 0 && (
        <Choice
          label="State"
          value={state}
          options={[["", "All"], ...states]}
          onChange={(chosen) => set({ state: chosen })}
        />
      )}
    </search>
  );
}
