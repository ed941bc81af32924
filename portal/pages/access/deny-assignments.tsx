/** What is denied at a scope whatever role somebody holds. */
import { useQuery } from "@tanstack/react-query";
import { type DenyAssignment, denyAssignmentsList } from "../../api/resource-manager.ts";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { EmptyList } from "../../parts/list/empty-list.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";

const COLUMNS: readonly Column<DenyAssignment>[] = [
  { name: "Name", width: "2fr", render: ({ properties }) => properties.denyAssignmentName },
  { name: "Scope", width: "3fr", render: ({ properties }) => properties.scope },
];

export function DenyAssignments({ scope }: { readonly scope: string }) {
  const { data, error } = useQuery({
    queryKey: ["deny-assignments", scope],
    queryFn: () => denyAssignmentsList(scope),
  });
  return (
    <section className="section" aria-label="Deny assignments">
      <RefusalNotice error={error} />
      {data && (
        <DataTable
          label="Deny assignments"
          columns={COLUMNS}
          items={data}
          keyOf={({ id }) => id}
          empty={
            <EmptyList
              text="Nothing is denied here. In Azure only managed applications and deployment stacks make deny assignments; this service has neither, so what a role grants is never taken away again."
              command={`az rest --method get --url "https://management.azure.com${scope}/providers/Microsoft.Authorization/denyAssignments?api-version=2022-04-01"`}
            />
          }
        />
      )}
    </section>
  );
}
