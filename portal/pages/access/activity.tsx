/** What was changed, by whom, and through which role. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type AuditEntry, auditList } from "../../api/access.ts";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { EmptyList } from "../../parts/list/empty-list.tsx";
import { Page } from "../../parts/page.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";
import { TimeText } from "../../parts/time-text.tsx";
import { live } from "../../queries.ts";
import { callerName, useCallerNames } from "./caller-name.ts";

const LINES = 1_000;

const columnsOf = (names: ReadonlyMap<string, string>): readonly Column<AuditEntry>[] => [
  { name: "Operation", width: "2fr", minWidth: 160, render: ({ operation }) => operation },
  {
    name: "Status",
    render: ({ decision, status }) => (
      <StateBadge state={decision === "denied" ? "denied" : status < 400 ? "success" : "failed"} />
    ),
  },
  { name: "By", width: "2fr", minWidth: 160, render: ({ caller }) => callerName(caller, names) },
  { name: "Through", minWidth: 130, render: ({ by }) => roleNames(by) },
  { name: "Target", width: "3fr", minWidth: 220, render: ({ target }) => target },
  { name: "Time", minWidth: 190, render: ({ time }) => <TimeText at={time} /> },
];

function roleNames(by: AuditEntry["by"]): string {
  if (by === "SharedKey") return "the account's key";
  if (by === "TaskAuthenticationToken") return "the task's own token";
  return by?.map(({ roleName }) => roleName).join(", ") ?? "–";
}

export function Activity() {
  const { data, error } = useQuery(live({ queryKey: ["activity"], queryFn: () => auditList(LINES) }));
  const names = useCallerNames(data);
  const columns = useMemo(() => columnsOf(names), [names]);
  return (
    <Page
      title="Activity log"
      commands={{
        lines: ["./bin/batchyard.js access audit --last 100"],
        request: "GET /providers/Batchyard.Access/audit?last=100&api-version=2026-01-01",
      }}
    >
      <RefusalNotice error={error} />
      {data && (
        <DataTable
          label="Activity log"
          columns={columns}
          items={data}
          keyOf={({ requestId, time }) => `${requestId} ${time}`}
          empty={
            <EmptyList
              text={
                "Nothing that you may see was changed. What changes something comes here at once, with who did it and by which role."
              }
              command={"./bin/batchyard.js access audit --last 100"}
            />
          }
        />
      )}
    </Page>
  );
}
