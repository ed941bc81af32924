/** Gives a role at a scope to somebody who is selected by name. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ComboBox } from "react-aria-components/ComboBox";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { groupsList, servicePrincipalsList, usersList } from "../../api/directory.ts";
import { assignmentCreate, rolesList } from "../../api/resource-manager.ts";
import { Choice } from "../../parts/choice.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";

interface Props {
  readonly scope: string;
  /** Both chosen already. */
  readonly role?: string;
  readonly memberId?: string;
  onClose(): void;
}

interface Member {
  readonly id: string;
  readonly name: string;
  readonly type: "ServicePrincipal" | "User" | "Group";
}

/** Those that everybody looks for come first. */
const FIRST = ["Contributor", "Reader", "Owner"];

export function AddAssignmentDialog({ scope, role: givenRole, memberId: givenMember, onClose }: Props) {
  const roles = useQuery({ queryKey: ["roles", scope], queryFn: () => rolesList(scope) });
  const members = useQuery({ queryKey: ["members"], queryFn: membersList });
  const [roleId, setRoleId] = useState("");
  const [chosen, setChosen] = useState(givenMember ?? "");
  const role =
    roles.data?.find(({ id }) => id === roleId) ??
    (roleId === "" ? roles.data?.find(({ properties }) => properties.roleName === givenRole) : undefined);
  const member = members.data?.find(({ id }) => id === chosen);
  const adding = useMutation({
    mutationFn: () =>
      assignmentCreate(scope, {
        roleDefinitionId: role?.id ?? "",
        principalId: member?.id ?? "",
        principalType: member?.type ?? "",
      }),
    onSuccess: onClose,
  });
  const rank = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  const sorted = roles.data?.toSorted(
    ({ properties: a }, { properties: b }) =>
      rank(a.roleName) - rank(b.roleName) || a.roleName.localeCompare(b.roleName),
  );
  return (
    <FormDialog
      isOpen
      title="Add role assignment"
      submit="Save"
      isPending={adding.isPending}
      isIncomplete={role === undefined || member === undefined}
      error={adding.error ?? roles.error ?? members.error}
      onSubmit={() => adding.mutate()}
      onClose={onClose}
    >
      <Choice
        label="Role"
        value={role?.id ?? ""}
        options={(sorted ?? []).map(({ id, properties }) => [id, properties.roleName])}
        onChange={setRoleId}
      />
      {role && <p className="description">{role.properties.description}</p>}
      <ComboBox
        className="field"
        defaultItems={members.data ?? []}
        selectedKey={chosen || null}
        onSelectionChange={(key) => setChosen(String(key ?? ""))}
        menuTrigger="focus"
      >
        <Label className="label">Select</Label>
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
    </FormDialog>
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
