/** A permission of the Batch service, found by a part of its name, put into the list in which it counts. */
import { useState } from "react";
import { ComboBox } from "react-aria-components/ComboBox";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { BATCH_PERMISSIONS } from "../../../src/wire/rbac/batch-permissions.ts";
import { type RoleDraft, withPermission } from "./role-draft.ts";

const KNOWN = Object.values(BATCH_PERMISSIONS).map((permission) => ({ ...permission, id: permission.name }));

interface Props {
  readonly draft: RoleDraft;
  onAdd(draft: RoleDraft): void;
}

export function AddPermission({ draft, onAdd }: Props) {
  const [text, setText] = useState("");
  return (
    <ComboBox
      className="field"
      defaultItems={KNOWN}
      inputValue={text}
      onInputChange={setText}
      selectedKey={null}
      onSelectionChange={(key) => {
        const chosen = KNOWN.find(({ id }) => id === key);
        if (chosen === undefined) return;
        onAdd(withPermission(draft, chosen));
        setText("");
      }}
      menuTrigger="focus"
    >
      <Label className="label">Add a permission</Label>
      <Input className="input" placeholder="jobs, pools/read, …" maxLength={200} />
      <Popover className="popover search-results">
        <ListBox className="list-box">
          {({ id, name, kind }: (typeof KNOWN)[number]) => (
            <ListBoxItem id={id} className="list-item" textValue={name}>
              <span>{name}</span>
              <span className="kind">{kind === "action" ? "action" : "data action"}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
