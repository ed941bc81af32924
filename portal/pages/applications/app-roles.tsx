/** The roles that an application defines, for its own checks: who holds one has it in the tokens for this application. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { WRITE_APPLICATIONS } from "../../../src/wire/graph/access.ts";
import { type Application, type AppRole, applicationUpdate } from "../../api/directory.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { Choice } from "../../parts/choice.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { EmptyList } from "../../parts/list/empty-list.tsx";
import { useMayInDirectory } from "../../parts/may-in-directory.ts";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { TextBox } from "../../parts/text-box.tsx";
import { ApplicationPage } from "./application-page.tsx";

const MEMBERS = [
  ["User", "Users and groups"],
  ["Application", "Applications"],
  ["User,Application", "Both"],
] as const;

export function AppRoles() {
  const missing = useMayInDirectory()(WRITE_APPLICATIONS);
  const [isAdding, setAdding] = useState(false);
  return (
    <ApplicationPage
      title="App roles"
      actions={() => (
        <ActionButton name="Create app role" isPrimary missing={missing} onPress={() => setAdding(true)} />
      )}
      commands={({ appId }) => ({
        lines: [`az ad app show --id ${appId} --query appRoles`],
        request: `PATCH https://graph.microsoft.com/v1.0/applications(appId='${appId}')`,
      })}
    >
      {(application) => (
        <RoleList application={application} isAdding={isAdding} onClose={() => setAdding(false)} />
      )}
    </ApplicationPage>
  );
}

interface ListProps {
  readonly application: Application;
  readonly isAdding: boolean;
  onClose(): void;
}

function RoleList({ application: { id, appId, appRoles }, isAdding, onClose }: ListProps) {
  const queries = useQueryClient();
  const missing = useMayInDirectory()(WRITE_APPLICATIONS);
  const saving = useMutation({
    meta: { notice: "Change the app roles" },
    mutationFn: (roles: readonly AppRole[]) => applicationUpdate(id, { appRoles: roles }),
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ["application", appId] });
    },
  });
  const columns: readonly Column<AppRole>[] = [
    { name: "Display name", minWidth: 150, render: ({ displayName }) => displayName },
    { name: "Value", minWidth: 150, render: ({ value }) => <code>{value}</code> },
    { name: "For", minWidth: 150, render: ({ allowedMemberTypes }) => allowedMemberTypes.join(", ") },
    { name: "Description", width: "2fr", minWidth: 150, render: ({ description }) => description },
    {
      name: "Delete",
      minWidth: 100,
      width: 110,
      render: (role) => (
        <ActionButton
          name="Delete"
          missing={missing}
          onPress={() => saving.mutate(appRoles.filter((each) => each.id !== role.id))}
        />
      ),
    },
  ];
  return (
    <>
      <RefusalNotice error={isAdding ? null : saving.error} />
      <DataTable
        label="App roles"
        columns={columns}
        items={appRoles}
        keyOf={({ id: key }) => key}
        empty={
          <EmptyList
            text={
              "This application defines no roles. Those it defines are given to users, groups and applications, and stand in their tokens."
            }
            command={`az ad app update --id ${appId} --app-roles @roles.json`}
          />
        }
      />
      {isAdding && (
        <NewRoleDialog
          error={saving.error}
          isPending={saving.isPending}
          onAdd={(role) => saving.mutate([...appRoles, role])}
          onClose={onClose}
        />
      )}
    </>
  );
}

interface NewRoleProps {
  readonly error: unknown;
  readonly isPending: boolean;
  onAdd(role: AppRole): void;
  onClose(): void;
}

function NewRoleDialog({ error, isPending, onAdd, onClose }: NewRoleProps) {
  const [displayName, setName] = useState("");
  const [value, setValue] = useState("");
  const [description, setDescription] = useState("");
  const [members, setMembers] = useState<string>("User");
  return (
    <FormDialog
      isOpen
      title="Create app role"
      submit="Create"
      isPending={isPending}
      isIncomplete={[displayName, value, description].some((text) => text.trim() === "")}
      error={error}
      onSubmit={() =>
        onAdd({
          id: crypto.randomUUID(),
          displayName,
          value,
          description,
          isEnabled: true,
          allowedMemberTypes: members.split(","),
        })
      }
      onClose={onClose}
    >
      <TextBox label="Display name" value={displayName} onChange={setName} isFirst />
      <Choice label="Allowed member types" value={members} options={MEMBERS} onChange={setMembers} />
      <TextBox label="Value" value={value} onChange={setValue} description="As it stands in tokens" />
      <TextBox label="Description" value={description} onChange={setDescription} />
    </FormDialog>
  );
}
