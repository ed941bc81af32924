/** A list in a request's body, one row an entry: environment settings, files, packages, user accounts. */
import { Button } from "react-aria-components/Button";
import { Input } from "react-aria-components/Input";
import { TextField } from "react-aria-components/TextField";
import type { Filled } from "./body-fields.tsx";
import { type Body, bodyAt, bodyWith } from "./body-path.ts";

interface Column {
  /** Within an entry. */
  readonly path: string;
  readonly label: string;
  readonly type?: "text" | "password";
  /** Offered; anything else may be typed, too. */
  readonly values?: readonly string[];
}

interface Props {
  readonly form: Filled;
  readonly path: string;
  readonly label: string;
  /** What one entry is called. */
  readonly entry: string;
  readonly columns: readonly Column[];
}

export function BodyRows({ form, path, label, entry, columns }: Props) {
  const given = bodyAt(form.body, path);
  const rows = Array.isArray(given) ? (given as readonly Body[]) : [];
  const change = (all: readonly Body[]) => form.set(path, all.length === 0 ? undefined : all);
  return (
    <fieldset className="rows">
      <legend className="label">{label}</legend>
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: entries have nothing else that tells them apart
        <div key={index} className="rows-entry">
          {columns.map((column) => (
            <Cell
              key={column.path}
              {...column}
              label={`${column.label} of ${entry} ${index + 1}`}
              placeholder={column.label}
              value={String(bodyAt(row, column.path) ?? "")}
              onChange={(text) =>
                change(rows.with(index, bodyWith(row, column.path, text === "" ? undefined : text)))
              }
            />
          ))}
          <Button
            className="button"
            aria-label={`Remove ${entry} ${index + 1}`}
            onPress={() => change(rows.toSpliced(index, 1))}
          >
            ✕
          </Button>
        </div>
      ))}
      <Button className="button" onPress={() => change([...rows, {}])}>
        Add {entry}
      </Button>
    </fieldset>
  );
}

interface CellProps extends Column {
  readonly placeholder: string;
  readonly value: string;
  onChange(value: string): void;
}

function Cell({ label, placeholder, type = "text", values, value, onChange, path }: CellProps) {
  const list = values && `values-${path}-${label.replaceAll(" ", "-")}`;
  return (
    <TextField className="field" aria-label={label} value={value} onChange={onChange} type={type}>
      <Input className="input" placeholder={placeholder} autoComplete="off" {...(list && { list })} />
      {values && (
        <datalist id={list}>
          {values.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
    </TextField>
  );
}
