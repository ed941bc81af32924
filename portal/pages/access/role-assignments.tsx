/** Who holds which role at a scope; roles are given and taken back. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type DirectoryObject, objectsByIds } from "../../api/directory.ts";
import {
  assignmentDelete,
  assignmentsList,
  type RoleAssignment,
  rolesList,
} from "../../api/resource-manager.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { useRemoval } from "../../parts/list/removal.tsx";
import { useMay } from "../../parts/may.ts";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { AddAssignmentDialog } from "./add-assignment-dialog.tsx";

interface Row {
  readonly assignment: RoleAssignment;
  readonly member: DirectoryObject | undefined;
  readonly role: string;
}

const ASSIGN = "Microsoft.Authorization/roleAssignments/write";
const UNASSIGN = "Microsoft.Authorization/roleAssignments/delete";

export function RoleAssignments({ scope }: { readonly scope: string }) {
  const queries = useQueryClient();
  const may = useMay(scope);
  const [isAdding, setAdding] = useState(false);
  const { data: rows, error } = useQuery({
    queryKey: ["assignments", scope],
    queryFn: () => assignmentRows(scope),
  });
  const changed = () => queries.invalidateQueries({ queryKey: ["assignments", scope] });
  const removal = useRemoval<Row>({
    verb: "Remove",
    what: "a role assignment",
    missing: may.action(UNASSIGN),
    remove: ({ assignment }) => assignmentDelete(assignment),
    changed,
    ask: ({ assignment, member, role }) => ({
      title: "Remove the role assignment?",
      text: `${member?.displayName ?? assignment.properties.principalId} is no longer ${role} there.`,
    }),
  });
  return (
    <section className="section" aria-label="Role assignments">
      <div className="section-actions">
        <ActionButton
          name="Add role assignment"
          isPrimary
          missing={may.action(ASSIGN)}
          onPress={() => setAdding(true)}
        />
      </div>
      <RefusalNotice error={error} />
      {removal.notices}
      {rows && (
        <DataTable
          label="Role assignments"
          columns={[...columnsOf(scope), removal.column]}
          items={rows}
          keyOf={({ assignment }) => assignment.id}
          empty={<p className="nothing">Nobody holds a role here.</p>}
        />
      )}
      {isAdding && (
        <AddAssignmentDialog
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

const columnsOf = (scope: string): readonly Column<Row>[] => [
  {
    name: "Name",
    width: "2fr",
    minWidth: 160,
    render: ({ assignment, member }) => member?.displayName ?? assignment.properties.principalId,
  },
  { name: "Type", minWidth: 130, render: ({ assignment }) => assignment.properties.principalType },
  { name: "Role", width: "2fr", minWidth: 170, render: ({ role }) => role },
  {
    name: "Scope",
    minWidth: 170,
    render: ({ assignment }) =>
      assignment.properties.scope.toLowerCase() === scope.toLowerCase()
        ? "This resource"
        : `${assignment.properties.scope.split("/").at(-1) || "/"} (inherited)`,
  },
];

async function assignmentRows(scope: string): Promise<Row[]> {
  const [assignments, roles] = await Promise.all([assignmentsList(scope), rolesList(scope)]);
  const ids = [...new Set(assignments.map(({ properties }) => properties.principalId))];
  // Who may not read the directory sees ids instead of names.
  const members = ids.length === 0 ? [] : await objectsByIds(ids).catch(() => []);
  const name = (id: string) => id.split("/").at(-1)?.toLowerCase();
  return assignments.map((assignment) => {
    const { principalId, roleDefinitionId } = assignment.properties;
    const role = roles.find(({ id }) => name(id) === name(roleDefinitionId));
    return {
      assignment,
      member: members.find(({ id }) => id === principalId),
      role: role?.properties.roleName ?? roleDefinitionId,
    };
  });
}
