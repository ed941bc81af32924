/** The applications registered in this tenant. */

import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { WRITE_APPLICATIONS } from "../../../src/wire/graph/access.ts";
import { type Application, applicationsList } from "../../api/directory.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { ListFilter, useListSearch } from "../../parts/list/list-filter.tsx";
import { useMayInDirectory } from "../../parts/may-in-directory.ts";
import { Page } from "../../parts/page.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { TimeText } from "../../parts/time-text.tsx";

const COLUMNS: readonly Column<Application>[] = [
  {
    name: "Display name",
    width: "2fr",
    minWidth: 160,
    render: ({ appId, displayName }) => (
      <Link to="/applications/$appId" params={{ appId }} title={displayName}>
        {displayName}
      </Link>
    ),
  },
  {
    name: "Application (client) ID",
    width: "2fr",
    minWidth: 290,
    render: ({ appId }) => <code>{appId}</code>,
  },
  { name: "Created on", minWidth: 190, render: ({ createdDateTime }) => <TimeText at={createdDateTime} /> },
  {
    name: "Secrets",
    minWidth: 80,
    width: 90,
    render: ({ passwordCredentials }) => passwordCredentials.length,
  },
];

export function Applications() {
  const navigate = useNavigate();
  const missing = useMayInDirectory()(WRITE_APPLICATIONS);
  const { text = "" } = useListSearch();
  const { data, error } = useQuery({ queryKey: ["applications"], queryFn: applicationsList });
  const words = text.toLowerCase();
  const shown = data?.filter(
    ({ displayName, appId }) => displayName.toLowerCase().includes(words) || appId.startsWith(words),
  );
  return (
    <Page
      title="App registrations"
      actions={
        <ActionButton
          name="New registration"
          isPrimary
          missing={missing}
          onPress={() => void navigate({ to: "/applications/new" })}
        />
      }
      commands={{
        lines: ["./bin/batchyard.js app list", "az ad app list"],
        request: "GET https://graph.microsoft.com/v1.0/applications",
      }}
    >
      <ListFilter states={[]} textLabel="Name or ID" />
      <RefusalNotice error={error} />
      {shown && (
        <DataTable
          label="App registrations"
          columns={COLUMNS}
          items={shown}
          keyOf={({ id }) => id}
          empty={<p className="nothing">No application is registered so.</p>}
        />
      )}
    </Page>
  );
}
