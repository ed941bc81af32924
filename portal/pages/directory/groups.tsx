/** The groups of the tenant, and who is in them, groups within groups included. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "react-aria-components/Button";
import {
  type Group,
  groupCreate,
  groupMembers,
  groupMembersTransitive,
  groupsList,
} from "../../api/directory.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { useListSearch, useSetListSearch } from "../../parts/list/list-filter.tsx";
import { Page } from "../../parts/page.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { TextBox } from "../../parts/text-box.tsx";

export function Groups() {
  const { selected } = useListSearch();
  const set = useSetListSearch();
  const queries = useQueryClient();
  const [isAdding, setAdding] = useState(false);
  const [name, setName] = useState("");
  const { data, error } = useQuery({ queryKey: ["groups"], queryFn: groupsList });
  const adding = useMutation({
    mutationFn: () =>
      groupCreate({
        displayName: name,
        mailEnabled: false,
        securityEnabled: true,
        mailNickname: name.replaceAll(/[^\w-]/g, "").slice(0, 60) || "group",
      }),
    onSuccess: async () => {
      setAdding(false);
      await queries.invalidateQueries({ queryKey: ["groups"] });
    },
  });
  const columns: readonly Column<Group>[] = [
    {
      name: "Name",
      minWidth: 150,
      render: ({ id, displayName }) => (
        <Button className="link-button" onPress={() => set({ selected: id })}>
          {displayName}
        </Button>
      ),
    },
    { name: "Object ID", width: "2fr", minWidth: 290, render: ({ id }) => <code>{id}</code> },
  ];
  const group = data?.find(({ id }) => id === selected);
  return (
    <Page
      title="Groups"
      actions={<ActionButton name="New group" isPrimary onPress={() => setAdding(true)} />}
      commands={{ lines: ["az ad group list"], request: "GET https://graph.microsoft.com/v1.0/groups" }}
    >
      <RefusalNotice error={error} />
      {data && (
        <DataTable
          label="Groups"
          columns={columns}
          items={data}
          keyOf={({ id }) => id}
          empty={<p className="nothing">There are no groups.</p>}
        />
      )}
      {group && <Members group={group} />}
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

function Members({ group: { id, displayName } }: { readonly group: Group }) {
  const { data, error } = useQuery({
    queryKey: ["group-members", id],
    queryFn: async () => {
      const [direct, all] = await Promise.all([groupMembers(id), groupMembersTransitive(id)]);
      const ids = new Set(direct.map((member) => member.id));
      return all.map((member) => ({ ...member, isDirect: ids.has(member.id) }));
    },
  });
  return (
    <section className="section" aria-label={`Members of ${displayName}`}>
      <h2>Members of {displayName}</h2>
      <RefusalNotice error={error} />
      {data?.length === 0 && <p className="nothing">Nobody.</p>}
      <ul>
        {data?.map((member) => (
          <li key={member.id}>
            {member.displayName ?? member.id}{" "}
            <span className="kind">
              {member["@odata.type"].split(".").at(-1)}
              {member.isDirect ? "" : ", through another group"}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
