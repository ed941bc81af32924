/** What may sign in to this tenant: the service principals of applications registered here or elsewhere, and managed identities. */
import { useQuery } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { useMemo } from "react";
import { type ServicePrincipal, servicePrincipalsList } from "../../api/directory.ts";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { ListFilter, useListSearch } from "../../parts/list/list-filter.tsx";
import { Page } from "../../parts/page.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { originOf } from "./principal-origin.ts";

const TYPES = [
  ["Enterprise application", "Enterprise applications"],
  ["Microsoft application", "Microsoft applications"],
  ["Managed identity", "Managed identities"],
] as const;

const columnsOf = (tenantId: string): readonly Column<ServicePrincipal>[] => [
  {
    name: "Name",
    width: "2fr",
    minWidth: 170,
    render: ({ id, displayName }) => (
      <Link to="/enterprise-applications/$principal" params={{ principal: id }} title={displayName}>
        {displayName}
      </Link>
    ),
  },
  { name: "Type", minWidth: 180, render: (principal) => originOf(principal, tenantId) },
  { name: "Application ID", width: "2fr", minWidth: 290, render: ({ appId }) => <code>{appId}</code> },
  { name: "Object ID", width: "2fr", minWidth: 290, render: ({ id }) => <code>{id}</code> },
];

export function EnterpriseApplications() {
  const { tenantId } = useRouter().options.context.user;
  const { text = "", state = "" } = useListSearch();
  const { data, error } = useQuery({ queryKey: ["service-principals"], queryFn: servicePrincipalsList });
  const columns = useMemo(() => columnsOf(tenantId), [tenantId]);
  const words = text.toLowerCase();
  const shown = data?.filter(
    (principal) =>
      (state === "" || originOf(principal, tenantId).startsWith(state)) &&
      [principal.displayName, principal.appId, principal.id].some((name) =>
        name.toLowerCase().includes(words),
      ),
  );
  return (
    <Page
      title="Enterprise applications"
      commands={{
        lines: ["az ad sp list --all"],
        request: "GET https://graph.microsoft.com/v1.0/servicePrincipals",
      }}
    >
      <ListFilter states={TYPES} stateLabel="Type" textLabel="Name or ID" />
      <RefusalNotice error={error} />
      {shown && (
        <DataTable
          label="Enterprise applications"
          columns={columns}
          items={shown}
          keyOf={({ id }) => id}
          empty={<p className="nothing">Nothing is named so.</p>}
        />
      )}
    </Page>
  );
}
