/** The roles that can be given at a scope. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Button } from "react-aria-components/Button";
import { type RoleDefinition, roleDelete, rolesList } from "../../api/resource-manager.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { ConfirmDialog } from "../../parts/confirm-dialog.tsx";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { ListFilter, useListSearch, useSetListSearch } from "../../parts/list/list-filter.tsx";
import { useMay } from "../../parts/may.ts";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { AddAssignmentDialog } from "./add-assignment-dialog.tsx";

const TYPES = [
  ["BuiltInRole", "Built-in"],
  ["CustomRole", "Custom"],
] as const;

const WRITE = "Microsoft.Authorization/roleDefinitions/write";

export function Roles({ scope }: { readonly scope: string }) {
  const { selected, text = "", state = "" } = useListSearch();
  const set = useSetListSearch();
  const queries = useQueryClient();
  const may = useMay(scope);
  const [asked, setAsked] = useState<RoleDefinition>();
  const [isAssigning, setAssigning] = useState(false);
  const { data, error } = useQuery({ queryKey: ["roles", scope], queryFn: () => rolesList(scope) });
  const removing = useMutation({
    mutationFn: roleDelete,
    meta: { notice: "Delete a role" },
    onSettled: () => queries.invalidateQueries({ queryKey: ["roles", scope] }),
  });
  const columns = useMemo(() => columnsOf((name) => set({ selected: name })), [set]);
  const words = text.toLowerCase();
  const shown = data?.filter(
    ({ properties: { roleName, type } }) =>
      roleName.toLowerCase().includes(words) && (state === "" || type === state),
  );
  const role = data?.find(({ name }) => name === selected);
  return (
    <section className="section" aria-label="Roles">
      <div className="section-actions">
        <ActionButton
          name="Add custom role"
          isPrimary
          missing={may.action(WRITE)}
          onPress={() => set({ tab: "new-role", state: "json", selected: "", text: "" })}
        />
      </div>
      <ListFilter states={TYPES} stateLabel="Type" textLabel="Role name" />
      <RefusalNotice error={error ?? removing.error} />
      {shown && (
        <DataTable
          label="Roles"
          columns={columns}
          items={shown}
          keyOf={({ id }) => id}
          empty={<p className="nothing">No role is named so.</p>}
        />
      )}
      {role && (
        <section className="card wide" aria-label={role.properties.roleName}>
          <h2>{role.properties.roleName}</h2>
          <p>{role.properties.description}</p>
          <div className="section-actions">
            <ActionButton
              name="Assign"
              missing={may.action("Microsoft.Authorization/roleAssignments/write")}
              onPress={() => setAssigning(true)}
            />
            <ActionButton
              name="Clone"
              missing={may.action(WRITE)}
              onPress={() => set({ tab: "new-role", state: "clone", selected: role.name, text: "" })}
            />
            {role.properties.type === "CustomRole" && (
              <ActionButton
                name="Delete role"
                missing={may.action("Microsoft.Authorization/roleDefinitions/delete")}
                onPress={() => setAsked(role)}
              />
            )}
          </div>
          <pre className="output formula">{JSON.stringify(role.properties, null, 2)}</pre>
        </section>
      )}
      {role && isAssigning && (
        <AddAssignmentDialog
          scope={scope}
          role={role.properties.roleName}
          onClose={() => setAssigning(false)}
        />
      )}
      <ConfirmDialog
        isOpen={asked !== undefined}
        title={`Delete the role ${asked?.properties.roleName}?`}
        confirm="Delete"
        onConfirm={() => asked && removing.mutate(asked)}
        onClose={() => setAsked(undefined)}
      >
        It cannot be deleted while somebody holds it.
      </ConfirmDialog>
    </section>
  );
}

const columnsOf = (choose: (name: string) => void): readonly Column<RoleDefinition>[] => [
  {
    name: "Name",
    width: "2fr",
    minWidth: 200,
    render: ({ name, properties }) => (
      <Button className="link-button" onPress={() => choose(name)}>
        {properties.roleName}
      </Button>
    ),
  },
  { name: "Type", render: ({ properties }) => properties.type },
  { name: "Description", width: "3fr", minWidth: 240, render: ({ properties }) => properties.description },
];
