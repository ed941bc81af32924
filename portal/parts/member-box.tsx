/** Somebody of the directory, found by name: a user, a group or a service principal. */
import { useQuery } from "@tanstack/react-query";
import { ComboBox } from "react-aria-components/ComboBox";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { groupsList, servicePrincipalsList, usersList } from "../api/directory.ts";
import { RefusalNotice } from "./refusal-notice.tsx";

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly type: "ServicePrincipal" | "User" | "Group";
}

/** All whom the directory has. */
export const useMembers = () => useQuery({ queryKey: ["members"], queryFn: membersList, staleTime: 10_000 });

interface Props {
  readonly label: string;
  /** The object id; empty for nobody. */
  readonly chosen: string;
  readonly types?: readonly Member["type"][];
  onChoose(id: string): void;
}

export function MemberBox({ label, chosen, types, onChoose }: Props) {
  const { data, error } = useMembers();
  // Its text is made once from what is chosen, which has to be known by then.
  if (data === undefined) return <RefusalNotice error={error} />;
  const offered = types ? data.filter(({ type }) => types.includes(type)) : data;
  return (
    <ComboBox
      className="field"
      defaultItems={offered}
      selectedKey={chosen || null}
      onSelectionChange={(key) => onChoose(String(key ?? ""))}
      menuTrigger="focus"
    >
      <Label className="label">{label}</Label>
      <Input className="input" placeholder="Search by name" maxLength={200} />
      <Popover className="popover search-results">
        <ListBox className="list-box">
          {({ id, name, type }: Member) => (
            <ListBoxItem id={id} className="list-item" textValue={name}>
              <span>{name}</span>
              <span className="kind">{type}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}

async function membersList(): Promise<Member[]> {
  const [users, groups, principals] = await Promise.all([usersList(), groupsList(), servicePrincipalsList()]);
  return [
    ...users.map(({ id, displayName: name }) => ({ id, name, type: "User" as const })),
    ...groups.map(({ id, displayName: name }) => ({ id, name, type: "Group" as const })),
    ...principals.map(({ id, displayName: name }) => ({ id, name, type: "ServicePrincipal" as const })),
  ];
}
