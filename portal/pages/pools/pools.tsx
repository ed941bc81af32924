/** The pools of an account. */
import { Link, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { batchOf, type models, quoted } from "../../api/batch.ts";
import { useAccountName, useMayHere } from "../../parts/account.ts";
import { AccountPage } from "../../parts/account-page.tsx";
import { ActionButton } from "../../parts/action-button.tsx";
import { type Column, DataTable } from "../../parts/list/data-table.tsx";
import { EmptyList } from "../../parts/list/empty-list.tsx";
import { ListFilter, useListSearch } from "../../parts/list/list-filter.tsx";
import { usePagedList } from "../../parts/list/paged-list.ts";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";
import { TimeText } from "../../parts/time-text.tsx";

const columnsOf = (account: string): readonly Column<models.CloudPool>[] => [
  {
    name: "Pool",
    width: "2fr",
    minWidth: 150,
    render: ({ id = "" }) => (
      <Link to="/accounts/$account/pools/$pool" params={{ account, pool: id }} title={id}>
        {id}
      </Link>
    ),
  },
  { name: "State", render: ({ allocationState }) => <StateBadge state={allocationState} /> },
  {
    name: "Dedicated",
    minWidth: 110,
    render: ({ currentDedicatedNodes, targetDedicatedNodes }) =>
      `${currentDedicatedNodes} of ${targetDedicatedNodes}`,
  },
  {
    name: "Spot",
    render: ({ currentLowPriorityNodes, targetLowPriorityNodes }) =>
      `${currentLowPriorityNodes} of ${targetLowPriorityNodes}`,
  },
  { name: "VM size", minWidth: 140, render: ({ vmSize }) => vmSize },
  { name: "Created", minWidth: 190, render: ({ creationTime }) => <TimeText at={creationTime} /> },
];

const CREATE =
  'az batch pool create --id work --vm-size standard_d1_v2 --target-dedicated-nodes 1 --image canonical:0001-com-ubuntu-server-jammy:22_04-lts --node-agent-sku-id "batch.node.ubuntu 22.04"';

export function Pools() {
  const account = useAccountName();
  const may = useMayHere();
  const { text } = useListSearch();
  const navigate = useNavigate();
  const columns = useMemo(() => columnsOf(account), [account]);
  const filter = text ? `startswith(id,${quoted(text)})` : undefined;
  const { items, error, isPending, more } = usePagedList<models.CloudPool>({
    key: ["pools", account, filter],
    fetch: (next) => batchOf(account).pools({ $filter: filter }, next),
    isLive: true,
  });
  return (
    <AccountPage
      title="Pools"
      kind="Batch account"
      actions={
        <ActionButton
          name="Add pool"
          isPrimary
          missing={may.batch("pools/write")}
          onPress={() => void navigate({ to: "/accounts/$account/new-pool", params: { account } })}
        />
      }
      commands={{ lines: ["az batch pool list"], request: "GET /pools?api-version=2024-07-01.20.0" }}
    >
      <ListFilter states={[]} textLabel="Id begins with" />
      <RefusalNotice error={error} />
      {!isPending && error === null && (
        <DataTable
          label="Pools"
          columns={columns}
          items={items}
          keyOf={({ id = "" }) => id}
          onEnd={more}
          empty={
            filter ? (
              <p className="nothing">No pool is like that.</p>
            ) : (
              <EmptyList
                text="There is no pool here. Tasks run on the nodes of a pool: add one."
                command={CREATE}
              />
            )
          }
        />
      )}
    </AccountPage>
  );
}
