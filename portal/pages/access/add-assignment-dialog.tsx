/** Gives a role at a scope to somebody who is selected by name. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { assignmentCreate, rolesList } from "../../api/resource-manager.ts";
import { Choice } from "../../parts/choice.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { MemberBox, useMembers } from "../../parts/member-box.tsx";

interface Props {
  readonly scope: string;
  /** Both chosen already. */
  readonly role?: string;
  readonly memberId?: string;
  onClose(): void;
}

/** Those that everybody looks for come first. */
const FIRST = ["Contributor", "Reader", "Owner"];

export function AddAssignmentDialog({ scope, role: givenRole, memberId: givenMember, onClose }: Props) {
  const roles = useQuery({ queryKey: ["roles", scope], queryFn: () => rolesList(scope) });
  const members = useMembers();
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
    meta: { notice: `Assign ${role?.properties.roleName} to ${member?.name}` },
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
      error={adding.error ?? roles.error}
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
      <MemberBox label="Select" chosen={chosen} onChoose={setChosen} />
    </FormDialog>
  );
}
