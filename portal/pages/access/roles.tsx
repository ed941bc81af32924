/** The roles that can be given at a scope, and custom ones made from JSON. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { type RoleDefinition, roleCreate, roleDelete, rolesList } from "../../api/resource-manager.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { useListSearch, useSetListSearch } from "../../parts/list/list-filter.tsx";
import { useMay } from "../../parts/may.ts";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { TextBox } from "../../parts/text-box.tsx";
import { readRole } from "./role-json.ts";

const WRITE = "Microsoft.Authorization/roleDefinitions/write";

export function Roles({ scope }: { readonly scope: string }) {
  const { selected } = useListSearch();
  const set = useSetListSearch();
  const queries = useQueryClient();
  const may = useMay(scope);
  const [isAdding, setAdding] = useState(false);
  const { data, error } = useQuery({ queryKey: ["roles", scope], queryFn: () => rolesList(scope) });
  const changed = () => queries.invalidateQueries({ queryKey: ["roles", scope] });
  const removing = useMutation({ mutationFn: roleDelete, onSettled: changed });
  const columns: readonly Column<RoleDefinition>[] = [
    {
      name: "Name",
      width: "2fr",
      minWidth: 200,
      render: ({ name, properties }) => (
        <Button className="link-button" onPress={() => set({ selected: name })}>
          {properties.roleName}
        </Button>
      ),
    },
    { name: "Type", render: ({ properties }) => properties.type },
    { name: "Description", width: "3fr", minWidth: 240, render: ({ properties }) => properties.description },
  ];
  const role = data?.find(({ name }) => name === selected);
  return (
    <section className="section" aria-label="Roles">
      <div className="section-actions">
        <ActionButton
          name="Add custom role"
          isPrimary
          missing={may.action(WRITE)}
          onPress={() => setAdding(true)}
        />
        <ActionButton
          name="Delete role"
          isDisabled={role?.properties.type !== "CustomRole"}
          missing={may.action("Microsoft.Authorization/roleDefinitions/delete")}
          onPress={() => role && removing.mutate(role)}
        />
      </div>
      <RefusalNotice error={error ?? removing.error} />
      {data && (
        <DataTable
          label="Roles"
          columns={columns}
          items={data}
          keyOf={({ id }) => id}
          empty={<p className="nothing">There are no roles.</p>}
        />
      )}
      {role && <pre className="output formula">{JSON.stringify(role.properties, null, 2)}</pre>}
      {isAdding && (
        <CustomRoleDialog
          scope={scope}
          onClose={() => {
            setAdding(false);
            void changed();
          }}
        />
      )}
    </section>
  );
}

function CustomRoleDialog({ scope, onClose }: { readonly scope: string; onClose(): void }) {
  const [name, setName] = useState("");
  const [json, setJson] = useState("");
  const role = json.trim() === "" ? undefined : readRole(json, scope);
  const problem = typeof role === "string" ? role : undefined;
  const read = typeof role === "string" ? undefined : role;
  const roleName = name || read?.roleName || "";
  const adding = useMutation({
    mutationFn: async () => read && roleCreate(scope, { ...read, roleName }),
    onSuccess: onClose,
  });
  return (
    <FormDialog
      isOpen
      title="Add custom role"
      submit="Create"
      isPending={adding.isPending}
      isIncomplete={read === undefined || roleName === ""}
      error={adding.error}
      onSubmit={() => adding.mutate()}
      onClose={onClose}
    >
      <TextBox
        label="JSON"
        isLong
        isFirst
        value={json}
        onChange={setJson}
        description="As in the documents, with or without 'properties' around it; a scope of this subscription takes the place of one that is not known here"
      />
      {problem && <p role="alert">{problem}</p>}
      <TextBox
        label="Custom role name"
        value={name}
        onChange={setName}
        placeholder={read?.roleName ?? ""}
        description="Left empty, the name that the JSON gives"
      />
      {read && (
        <p className="description">
          {read.permissions.reduce(
            (sum, { actions, dataActions }) => sum + actions.length + dataActions.length,
            0,
          )}{" "}
          permissions, assignable at {read.assignableScopes.join(", ")}
        </p>
      )}
    </FormDialog>
  );
}
