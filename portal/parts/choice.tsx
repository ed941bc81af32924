/** One of a few. */
import { Button } from "react-aria-components/Button";
import { Label } from "react-aria-components/Label";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { Select, SelectValue } from "react-aria-components/Select";
import { Icon } from "./icon.tsx";

interface Props<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [value: Value, name: string])[];
  onChange(value: Value): void;
}

export function Choice<Value extends string>({ label, value, options, onChange }: Props<Value>) {
  return (
    <Select
      className="field choice"
      selectedKey={value}
      onSelectionChange={(key) => onChange(key as Value)}
      placeholder="Choose"
    >
      <Label className="label">{label}</Label>
      <Button className="select-button">
        <SelectValue />
        <Icon name="open" />
      </Button>
      <Popover className="popover">
        <ListBox className="list-box">
          {options.map(([id, name]) => (
            <ListBoxItem key={id} id={id} className="list-item">
              {name}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}
