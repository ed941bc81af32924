/** User-assigned managed identities, for the nodes of pools. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import {
  groupsList,
  identitiesList,
  identityCreate,
  identityDelete,
  type ManagedIdentity,
  subscriptionsList,
} from "../../api/resource-manager.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { Choice } from "../../parts/choice.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { EmptyList } from "../../parts/list/empty-list.tsx";
import { useRemoval } from "../../parts/list/removal.tsx";
import { NOTHING, useMay } from "../../parts/may.ts";
import { Page } from "../../parts/page.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { TextBox } from "../../parts/text-box.tsx";
import { placeOf } from "./identity-place.ts";

export function Identities() {
  const queries = useQueryClient();
  const { data, error } = useQuery({ queryKey: ["identities"], queryFn: identitiesList });
  const { data: groups } = useResourceGroups();
  const mayInGroup = useMay(groups?.[0]?.id);
  const mayCreate = groups?.length === 0 ? NOTHING : mayInGroup;
  const [isAdding, setAdding] = useState(false);
  const changed = () => queries.invalidateQueries({ queryKey: ["identities"] });
  const removal = useRemoval<ManagedIdentity>({
    what: "a managed identity",
    needed: {
      action: "Microsoft.ManagedIdentity/userAssignedIdentities/delete",
      scopeOf: ({ id }) => id,
    },
    remove: identityDelete,
    changed,
    ask: ({ name }) => ({
      title: `Delete ${name}?`,
      text: "Nodes that sign in with it are refused from then on.",
    }),
  });
  const columns: readonly Column<ManagedIdentity>[] = [
    {
      name: "Name",
      minWidth: 140,
      render: ({ id, name }) => (
        <Link to="/identities/$subscription/$group/$identity" params={placeOf(id)} title={name}>
          {name}
        </Link>
      ),
    },
    { name: "Resource group", minWidth: 130, render: ({ id }) => id.split("/")[4] },
    { name: "Client ID", minWidth: 290, render: ({ properties }) => <code>{properties.clientId}</code> },
    {
      name: "Object (principal) ID",
      minWidth: 290,
      render: ({ properties }) => <code>{properties.principalId}</code>,
    },
    removal.column,
  ];
  return (
    <Page
      title="Managed identities"
      actions={
        <ActionButton
          name="Create"
          isPrimary
          missing={mayCreate.action("Microsoft.ManagedIdentity/userAssignedIdentities/write")}
          onPress={() => setAdding(true)}
        />
      }
      commands={{
        lines: ["az identity list"],
        request:
          "GET /subscriptions/{subscriptionId}/providers/Microsoft.ManagedIdentity/userAssignedIdentities?api-version=2023-01-31",
      }}
    >
      <RefusalNotice error={error} />
      {removal.notices}
      {data && (
        <DataTable
          label="Managed identities"
          columns={columns}
          items={data}
          keyOf={({ id }) => id}
          empty={
            <EmptyList
              text="There is no user-assigned managed identity that you may read. With one, the tasks of a pool sign in without a secret."
              command={`az identity create -g ${groups?.[0]?.name ?? "GROUP"} -n NAME`}
            />
          }
        />
      )}
      {isAdding && (
        <NewIdentityDialog
          onClose={() => {
            setAdding(false);
            void changed();
          }}
        />
      )}
    </Page>
  );
}

const useResourceGroups = () =>
  useQuery({
    queryKey: ["resource-groups"],
    queryFn: async () => {
      const subscriptions = await subscriptionsList();
      return (
        await Promise.all(subscriptions.map(({ subscriptionId }) => groupsList(subscriptionId)))
      ).flat();
    },
  });

function NewIdentityDialog({ onClose }: { onClose(): void }) {
  const [name, setName] = useState("");
  const [group, setGroup] = useState("");
  const { data: groups = [] } = useResourceGroups();
  const chosen = groups.find(({ id }) => id === group) ?? groups[0];
  const adding = useMutation({
    mutationFn: () => identityCreate(chosen?.id ?? "", name, chosen?.location ?? ""),
    meta: { notice: `Create the identity ${name}` },
    onSuccess: onClose,
  });
  return (
    <FormDialog
      isOpen
      title="Create a user-assigned managed identity"
      submit="Create"
      isPending={adding.isPending}
      isIncomplete={name === "" || chosen === undefined}
      error={adding.error}
      onSubmit={() => adding.mutate()}
      onClose={onClose}
    >
      <TextBox label="Name" value={name} onChange={setName} isFirst />
      <Choice
        label="Resource group"
        value={chosen?.id ?? ""}
        options={groups.map((each) => [each.id, each.name])}
        onChange={setGroup}
      />
    </FormDialog>
  );
}
