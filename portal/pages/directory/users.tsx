/** The users of the tenant. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { WRITE_USERS } from "../../../src/wire/graph/access.ts";
import { type User, userCreate, userDelete, usersList } from "../../api/directory.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { ConfirmDialog } from "../../parts/confirm-dialog.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { ListFilter, useListSearch } from "../../parts/list/list-filter.tsx";
import { useMayInDirectory } from "../../parts/may-in-directory.ts";
import { Page } from "../../parts/page.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { TextBox } from "../../parts/text-box.tsx";

export function Users() {
  const { text = "" } = useListSearch();
  const queries = useQueryClient();
  const { data, error } = useQuery({ queryKey: ["users"], queryFn: usersList });
  const missing = useMayInDirectory()(WRITE_USERS);
  const [isAdding, setAdding] = useState(false);
  const [asked, setAsked] = useState<User>();
  const changed = () => queries.invalidateQueries({ queryKey: ["users"] });
  const removing = useMutation({
    mutationFn: userDelete,
    onSuccess: changed,
    meta: { notice: "Delete a user" },
  });
  const words = text.toLowerCase();
  const columns: readonly Column<User>[] = [
    { name: "Display name", minWidth: 150, render: ({ displayName }) => displayName },
    {
      name: "User principal name",
      width: "2fr",
      minWidth: 220,
      render: ({ userPrincipalName: name }) => name,
    },
    { name: "Object ID", width: "2fr", minWidth: 290, render: ({ id }) => <code>{id}</code> },
    {
      name: "Delete",
      width: 110,
      minWidth: 100,
      render: (user) => <ActionButton name="Delete" missing={missing} onPress={() => setAsked(user)} />,
    },
  ];
  return (
    <Page
      title="Users"
      actions={<ActionButton name="New user" isPrimary missing={missing} onPress={() => setAdding(true)} />}
      commands={{
        lines: ["./bin/batchyard.js user list", "az ad user list"],
        request: "GET https://graph.microsoft.com/v1.0/users",
      }}
    >
      <ListFilter states={[]} textLabel="Name" />
      <RefusalNotice error={error ?? removing.error} />
      {data && (
        <DataTable
          label="Users"
          columns={columns}
          items={data.filter(({ displayName, userPrincipalName }) =>
            [displayName, userPrincipalName].some((name) => name.toLowerCase().includes(words)),
          )}
          keyOf={({ id }) => id}
          empty={<p className="nothing">No user is named so.</p>}
        />
      )}
      {isAdding && (
        <NewUserDialog
          onClose={() => {
            setAdding(false);
            void changed();
          }}
        />
      )}
      <ConfirmDialog
        isOpen={asked !== undefined}
        title={`Delete ${asked?.userPrincipalName}?`}
        confirm="Delete"
        onConfirm={() => asked && removing.mutate(asked.id)}
        onClose={() => setAsked(undefined)}
      >
        The user can no longer sign in, and their role assignments name nobody.
      </ConfirmDialog>
    </Page>
  );
}

function NewUserDialog({ onClose }: { onClose(): void }) {
  const [name, setName] = useState("");
  const [upn, setUpn] = useState("");
  const [password, setPassword] = useState("");
  const adding = useMutation({
    meta: { notice: "Create a user" },
    mutationFn: () =>
      userCreate({
        displayName: name,
        userPrincipalName: upn,
        mailNickname: upn.split("@")[0],
        accountEnabled: true,
        passwordProfile: { password, forceChangePasswordNextSignIn: false },
      }),
    onSuccess: onClose,
    gcTime: 0,
  });
  return (
    <FormDialog
      isOpen
      title="New user"
      submit="Create"
      isPending={adding.isPending}
      isIncomplete={[name, upn, password].includes("")}
      error={adding.error}
      onSubmit={() => adding.mutate()}
      onClose={onClose}
    >
      <TextBox label="Display name" value={name} onChange={setName} isFirst />
      <TextBox
        label="User principal name"
        value={upn}
        onChange={setUpn}
        placeholder="ann@example.onmicrosoft.com"
      />
      <TextBox label="Password" type="password" value={password} onChange={setPassword} />
    </FormDialog>
  );
}
