/** What was refused, as it happens, each with its reason and the way to allow it. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { type AuditEntry, auditList, denialExplain, type ExplainedDenial } from "../../api/access.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { Essentials } from "../../parts/essentials.tsx";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { EmptyList } from "../../parts/list/empty-list.tsx";
import { useListSearch } from "../../parts/list/list-filter.tsx";
import { useMay } from "../../parts/may.ts";
import { Page } from "../../parts/page.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { TimeText } from "../../parts/time-text.tsx";
import { live } from "../../queries.ts";
import { AddAssignmentDialog } from "./add-assignment-dialog.tsx";
import { callerName, useCallerNames } from "./caller-name.ts";
import { Considered } from "./considered.tsx";

/** So many lines of the audit log are looked through. */
const LINES = 2_000;

export function Refusals() {
  const { selected } = useListSearch();
  const { data, error } = useQuery(
    live({
      queryKey: ["refusals"],
      queryFn: async () => (await auditList(LINES)).filter(({ decision }) => decision === "denied"),
    }),
  );
  const names = useCallerNames(data);
  const columns = useMemo(() => columnsOf(names), [names]);
  return (
    <Page
      title="Refused requests"
      commands={{
        lines: [
          "./bin/batchyard.js access audit",
          `./bin/batchyard.js access explain ${selected ?? "REQUEST-ID"}`,
        ],
        request: `GET /providers/Batchyard.Access/denials/${selected ?? "{request id}"}?api-version=2026-01-01`,
      }}
    >
      <RefusalNotice error={error} />
      {selected && <Explanation requestId={selected} names={names} />}
      {data && (
        <DataTable
          label="Refused requests"
          columns={columns}
          items={data}
          keyOf={({ requestId }) => requestId}
          empty={
            <EmptyList
              text={
                "Nothing that you may see was refused. What is refused comes here at once, with the role that would have helped."
              }
              command={"./bin/batchyard.js access audit"}
            />
          }
        />
      )}
    </Page>
  );
}

const columnsOf = (names: ReadonlyMap<string, string>): readonly Column<AuditEntry>[] => [
  {
    name: "Operation",
    width: "2fr",
    minWidth: 180,
    render: ({ requestId, operation }) => (
      <Link to="/refusals" search={{ selected: requestId }}>
        {operation}
      </Link>
    ),
  },
  { name: "By", width: "2fr", minWidth: 160, render: ({ caller }) => callerName(caller, names) },
  { name: "Missing", width: "2fr", minWidth: 240, render: ({ missing }) => missing ?? "–" },
  { name: "Time", minWidth: 190, render: ({ time }) => <TimeText at={time} /> },
];

interface ExplanationProps {
  readonly requestId: string;
  readonly names: ReadonlyMap<string, string>;
}

function Explanation({ requestId, names }: ExplanationProps) {
  const { data: denial, error } = useQuery({
    queryKey: ["denial", requestId],
    queryFn: () => denialExplain(requestId),
  });
  return (
    <section className="card wide" aria-label="Explanation">
      <RefusalNotice error={error} />
      {denial && <Explained denial={denial} names={names} />}
    </section>
  );
}

function Explained({
  denial,
  names,
}: {
  readonly denial: ExplainedDenial;
  readonly names: ReadonlyMap<string, string>;
}) {
  const { caller, missing, builtInRoles, scope } = denial;
  const [role, setRole] = useState<string>();
  const may = useMay(scope);
  return (
    <>
      <h2>
        {callerName(caller, names)} may not {denial.operation}
      </h2>
      <Essentials
        facts={[
          {
            name: "Missing",
            value: `${missing.name} (${missing.kind === "action" ? "action" : "data action"})`,
          },
          { name: "Scope", value: scope, isCopied: true },
          { name: "Request", value: denial.target },
          { name: "Request ID", value: denial.requestId, isCopied: true },
          { name: "Time", value: <TimeText at={denial.time} /> },
        ]}
      />
      {caller.task ? (
        <p>A task's token opens the operations on the task's own job alone. No role changes that.</p>
      ) : (
        <Considered {...denial} />
      )}
      {caller.principalId && scope !== "/" && (
        <div className="section-actions">
          {builtInRoles.slice(0, 3).map((name) => (
            <ActionButton
              key={name}
              name={`Assign ${name}`}
              missing={may.action("Microsoft.Authorization/roleAssignments/write")}
              onPress={() => setRole(name)}
            />
          ))}
        </div>
      )}
      {role && caller.principalId && (
        <AddAssignmentDialog
          scope={scope}
          role={role}
          memberId={caller.principalId}
          onClose={() => setRole(undefined)}
        />
      )}
    </>
  );
}
