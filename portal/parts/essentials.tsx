/** The facts of a resource: labels, values, and a button to copy those that somebody needs elsewhere. */
import type { ReactNode } from "react";
import { CopyButton } from "./copy-button.tsx";

export interface Fact {
  readonly name: string;
  readonly value: ReactNode;
  /** Whether it is an id, key or address; then the value is a text. */
  readonly isCopied?: boolean;
}

/** Characters from which on a value has a row of its own. */
const LONG = 60;

export function Essentials({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="essentials">
      {facts.map(({ name, value, isCopied }) => (
        <div key={name} data-long={isCopied && typeof value === "string" && value.length > LONG}>
          <dt>{name}</dt>
          <dd>
            <span className="fact">{value ?? "–"}</span>
            {isCopied && typeof value === "string" && <CopyButton value={value} name={name} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}
