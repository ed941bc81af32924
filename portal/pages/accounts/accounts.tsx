/** The Batch accounts that the user may read. */
import { Link } from "@tanstack/react-router";
import type { BatchAccount } from "../../api/resource-manager.ts";
import { useAccounts } from "../../parts/account.ts";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { EmptyList } from "../../parts/list/empty-list.tsx";
import { Page } from "../../parts/page.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";

const COLUMNS: readonly Column<BatchAccount>[] = [
  {
    name: "Name",
    render: ({ name }) => (
      <Link to="/accounts/$account" params={{ account: name }}>
        {name}
      </Link>
    ),
  },
  { name: "Location", render: ({ location }) => location },
  { name: "Resource group", render: ({ id }) => id.split("/")[4] },
  { name: "Subscription", width: "2fr", render: ({ id }) => id.split("/")[2] },
];

export function Accounts() {
  const { data = [], error } = useAccounts();
  return (
    <Page
      title="Batch accounts"
      commands={{
        lines: ["./bin/batchyard.js account list", "az batch account list"],
        request:
          "GET /subscriptions/{subscriptionId}/providers/Microsoft.Batch/batchAccounts?api-version=2024-07-01",
      }}
    >
      <RefusalNotice error={error} />
      <DataTable
        label="Batch accounts"
        columns={COLUMNS}
        items={data}
        keyOf={({ id }) => id}
        empty={
          <EmptyList
            text={"There is no Batch account that you may read. One that is made can be used at once."}
            command={"./bin/batchyard.js account create NAME"}
          />
        }
      />
    </Page>
  );
}
