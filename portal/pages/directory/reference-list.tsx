/** Those who are in a list of the directory, such as a group's members or an application's owners; some more, or fewer. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { GraphAccess } from "../../../src/wire/graph/access.ts";
import {
  type DirectoryObject,
  type References,
  referenceAdd,
  referenceRemove,
  referencesOf,
} from "../../api/directory.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { EmptyList, type EmptyText } from "../../parts/list/empty-list.tsx";
import { useRemoval } from "../../parts/list/removal.tsx";
import { useMayInDirectory } from "../../parts/may-in-directory.ts";
import { type Member, MemberBox } from "../../parts/member-box.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";

interface Props {
  /** In the plural, e.g. Owners. */
  readonly name: string;
  readonly one: string;
  readonly list: References;
  readonly access: GraphAccess;
  readonly types: readonly Member["type"][];
  readonly empty: EmptyText;
}

export function ReferenceList({ name, one, list, access, types, empty }: Props) {
  const queries = useQueryClient();
  const missing = useMayInDirectory()(access);
  const [isAdding, setAdding] = useState(false);
  const [chosen, setChosen] = useState("");
  const { data, error } = useQuery({ queryKey: ["references", list], queryFn: () => referencesOf(list) });
  const changed = () => queries.invalidateQueries({ queryKey: ["references"] });
  const adding = useMutation({
    meta: { notice: `Add ${one}` },
    mutationFn: () => referenceAdd(list, chosen),
    onSuccess: async () => {
      setAdding(false);
      setChosen("");
      await changed();
    },
  });
  const removal = useRemoval<DirectoryObject>({
    verb: "Remove",
    what: one,
    missing,
    remove: ({ id }) => referenceRemove(list, id),
    changed,
  });
  const columns: readonly Column<DirectoryObject>[] = [
    { name: "Name", width: "2fr", minWidth: 150, render: ({ displayName, id }) => displayName ?? id },
    { name: "Type", render: (object) => object["@odata.type"].split(".").at(-1) },
    { name: "Object ID", width: "2fr", minWidth: 290, render: ({ id }) => <code>{id}</code> },
    removal.column,
  ];
  return (
    <section className="section" aria-label={name}>
      <div className="section-bar">
        <h2>{name}</h2>
        <ActionButton name={`Add ${one}`} missing={missing} onPress={() => setAdding(true)} />
      </div>
      <RefusalNotice error={error} />
      {removal.notices}
      {data && (
        <DataTable
          label={name}
          columns={columns}
          items={data}
          keyOf={({ id }) => id}
          empty={<EmptyList {...empty} />}
        />
      )}
      <FormDialog
        isOpen={isAdding}
        title={`Add ${one}`}
        submit="Add"
        isPending={adding.isPending}
        isIncomplete={chosen === ""}
        error={adding.error}
        onSubmit={() => adding.mutate()}
        onClose={() => setAdding(false)}
      >
        <MemberBox label="Select" chosen={chosen} types={types} onChoose={setChosen} />
      </FormDialog>
    </section>
  );
}
