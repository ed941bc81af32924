/** The subscriptions and resource groups that the user may read, each with its access control. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { groupsList, type ResourceGroup, subscriptionsList } from "../../api/resource-manager.ts";
import { Essentials } from "../../parts/essentials.tsx";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { EmptyList } from "../../parts/list/empty-list.tsx";
import { Page } from "../../parts/page.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";

const COLUMNS: readonly Column<ResourceGroup>[] = [
  { name: "Name", minWidth: 150, render: ({ name }) => name },
  { name: "Location", render: ({ location }) => location },
  {
    name: "Access",
    minWidth: 180,
    render: ({ id, name }) => (
      <Link
        to="/subscriptions/$subscription/groups/$group/access"
        params={{ subscription: id.split("/")[2] ?? "", group: name }}
      >
        Access control (IAM)
      </Link>
    ),
  },
];

export function Subscriptions() {
  const { data, error } = useQuery({ queryKey: ["subscriptions"], queryFn: subscriptionsList });
  return (
    <Page
      title="Subscriptions and groups"
      commands={{
        lines: ["./bin/batchyard.js group list", "az account list", "az group list"],
        request: "GET /subscriptions?api-version=2022-12-01",
      }}
    >
      <RefusalNotice error={error} />
      {data?.length === 0 && <p className="nothing">There is no subscription in which you hold a role.</p>}
      {data?.map(({ subscriptionId, displayName, state }) => (
        <section key={subscriptionId} className="section" aria-label={displayName}>
          <h2>{displayName}</h2>
          <Essentials
            facts={[
              { name: "Subscription ID", value: subscriptionId, isCopied: true },
              { name: "Status", value: state },
            ]}
          />
          <p className="links">
            <Link to="/subscriptions/$subscription/access" params={{ subscription: subscriptionId }}>
              Access control (IAM)
            </Link>
          </p>
          <Groups subscriptionId={subscriptionId} />
        </section>
      ))}
    </Page>
  );
}

function Groups({ subscriptionId }: { readonly subscriptionId: string }) {
  const { data, error } = useQuery({
    queryKey: ["resource-groups", subscriptionId],
    queryFn: () => groupsList(subscriptionId),
  });
  return (
    <>
      <RefusalNotice error={error} />
      {data && (
        <DataTable
          label="Resource groups"
          columns={COLUMNS}
          items={data}
          keyOf={({ id }) => id}
          empty={
            <EmptyList
              text={"There is no resource group that you may read. Accounts and identities lie in one."}
              command={"az group create --name NAME --location LOCATION"}
            />
          }
        />
      )}
    </>
  );
}
