/** The groups of the tenant. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { WRITE_GROUPS } from "../../../src/wire/graph/access.ts";
import { type Group, groupCreate, groupsList } from "../../api/directory.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { EmptyList } from "../../parts/list/empty-list.tsx";
import { ListFilter, useListSearch } from "../../parts/list/list-filter.tsx";
import { useMayInDirectory } from "../../parts/may-in-directory.ts";
import { Page } from "../../parts/page.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { TextBox } from "../../parts/text-box.tsx";

const COLUMNS: readonly Column<Group>[] = [
  {
    name: "Name",
    minWidth: 150,
    render: ({ id, displayName }) => (
      <Link to="/groups/$group" params={{ group: id }} title={displayName}>
        {displayName}
      </Link>
    ),
  },
  { name: "Object ID", width: "2fr", minWidth: 290, render: ({ id }) => <code>{id}</code> },
];

export function Groups() {
  const { text = "" } = useListSearch();
  const queries = useQueryClient();
  const missing = useMayInDirectory()(WRITE_GROUPS);
  const [isAdding, setAdding] = useState(false);
  const [name, setName] = useState("");
  const { data, error } = useQuery({ queryKey: ["groups"], queryFn: groupsList });
  const adding = useMutation({
    meta: { notice: "Create a group" },
    mutationFn: () =>
      groupCreate({
        displayName: name,
        mailEnabled: false,
        securityEnabled: true,
        mailNickname: name.replaceAll(/[^\w-]/g, "").slice(0, 60) || "group",
      }),
    onSuccess: async () => {
      setAdding(false);
      setName("");
      await queries.invalidateQueries({ queryKey: ["groups"] });
    },
  });
  const words = text.toLowerCase();
  const shown = data?.filter(({ displayName }) => displayName.toLowerCase().includes(words));
  return (
    <Page
      title="Groups"
      actions={<ActionButton name="New group" isPrimary missing={missing} onPress={() => setAdding(true)} />}
      commands={{ lines: ["az ad group list"], request: "GET https://graph.microsoft.com/v1.0/groups" }}
    >
      <ListFilter states={[]} textLabel="Name" />
      <RefusalNotice error={error} />
      {shown && (
        <DataTable
          label="Groups"
          columns={COLUMNS}
          items={shown}
          keyOf={({ id }) => id}
          empty={
            text ? (
              <p className="nothing">No group is named so.</p>
            ) : (
              <EmptyList
                text="There is no group yet. A role that is given to a group is held by all of its members."
                command="az ad group create --display-name NAME --mail-nickname NAME"
              />
            )
          }
        />
      )}
      <FormDialog
        isOpen={isAdding}
        title="New group"
        submit="Create"
        isPending={adding.isPending}
        isIncomplete={name.trim() === ""}
        error={adding.error}
        onSubmit={() => adding.mutate()}
        onClose={() => setAdding(false)}
      >
        <TextBox label="Name" value={name} onChange={setName} isFirst />
      </FormDialog>
    </Page>
  );
}
