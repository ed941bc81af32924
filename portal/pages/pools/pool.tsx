/** One pool: its nodes as a map that shows their states, its size, and one node more closely. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { batchOf, type models } from "../../api/batch.ts";
import { useAccountName, useMayHere } from "../../parts/account.ts";
import { AccountPage } from "../../parts/account-page.tsx";
import { ActionButton } from "../../parts/action-button.tsx";
import { ConfirmDialog } from "../../parts/confirm-dialog.tsx";
import { Essentials } from "../../parts/essentials.tsx";
import { useListSearch, useSetListSearch } from "../../parts/list/list-filter.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";
import { TimeText } from "../../parts/time-text.tsx";
import { live } from "../../queries.ts";
import { NodeMap } from "./node-map.tsx";
import { NodePanel } from "./node-panel.tsx";
import { ResizeDialog } from "./resize-dialog.tsx";
import { ScalingChart } from "./scaling-chart.tsx";

export function Pool() {
  const account = useAccountName();
  const { pool: id = "" } = useParams({ strict: false });
  const {
    data: pool,
    error,
    refetch,
  } = useQuery(live({ queryKey: ["pool", account, id], queryFn: () => batchOf(account).pool(id) }));
  return (
    <AccountPage
      title={id}
      kind="Pool"
      trail={[[`/accounts/${account}/pools`, "Pools"]]}
      actions={pool && <Actions account={account} pool={pool} onDone={() => void refetch()} />}
      commands={{
        lines: [
          `az batch pool show --pool-id ${id}`,
          `az batch pool resize --pool-id ${id} --target-dedicated-nodes ${pool?.targetDedicatedNodes ?? 1}`,
        ],
        request: `GET /pools/${encodeURIComponent(id)}/nodes?api-version=2024-07-01.20.0`,
      }}
    >
      <RefusalNotice error={error} />
      {pool && (
        <>
          <Facts pool={pool} />
          {pool.enableAutoScale && <ScalingChart account={account} pool={pool} />}
          <Nodes account={account} pool={id} identities={identitiesOf(pool)} />
        </>
      )}
    </AccountPage>
  );
}

function Facts({ pool }: { readonly pool: models.CloudPool }) {
  const image = pool.virtualMachineConfiguration?.imageReference;
  return (
    <>
      {pool.resizeErrors?.map(({ code, message }) => (
        <div key={code} className="refusal">
          <strong>{code}</strong>
          <p className="said">{message}</p>
        </div>
      ))}
      <Essentials
        facts={[
          { name: "Allocation state", value: <StateBadge state={pool.allocationState} /> },
          {
            name: "Dedicated nodes",
            value: `${pool.currentDedicatedNodes} of ${pool.targetDedicatedNodes}`,
          },
          { name: "Spot nodes", value: `${pool.currentLowPriorityNodes} of ${pool.targetLowPriorityNodes}` },
          { name: "VM size", value: pool.vmSize },
          {
            name: "Image",
            value: image && [image.publisher, image.offer, image.sku].filter(Boolean).join(" "),
          },
          { name: "Task slots per node", value: pool.taskSlotsPerNode },
          { name: "Scaling", value: pool.enableAutoScale ? "By formula" : "Fixed" },
          { name: "Identities", value: pool.identity?.userAssignedIdentities?.length ?? "None" },
          { name: "Start task", value: pool.startTask?.commandLine, isCopied: true },
          { name: "Created", value: <TimeText at={pool.creationTime} /> },
        ]}
      />
      {pool.enableAutoScale && <pre className="output formula">{pool.autoScaleFormula}</pre>}
    </>
  );
}

interface ActionsProps {
  readonly account: string;
  readonly pool: models.CloudPool;
  onDone(): void;
}

function Actions({ account, pool, onDone }: ActionsProps) {
  const batch = batchOf(account);
  const may = useMayHere();
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<"resize" | "delete">();
  const { id = "", allocationState, enableAutoScale } = pool;
  const stopping = useMutation({
    mutationFn: () => batch.poolStopResize(id),
    onSettled: onDone,
    meta: { notice: `Stop resizing ${id}` },
  });
  const removing = useMutation({
    mutationFn: () => batch.poolDelete(id),
    meta: { notice: `Delete the pool ${id}` },
    onSuccess: () => navigate({ to: "/accounts/$account/pools", params: { account } }),
  });
  const write = may.batch("pools/write");
  return (
    <>
      <ActionButton
        name="Resize"
        isPrimary
        isDisabled={allocationState !== "steady" || enableAutoScale === true}
        missing={write}
        onPress={() => setDialog("resize")}
      />
      <ActionButton
        name="Stop resize"
        isDisabled={allocationState !== "resizing"}
        missing={write}
        onPress={() => stopping.mutate()}
      />
      <ActionButton
        name="Autoscale"
        missing={may.batch("pools/read")}
        onPress={() =>
          void navigate({ to: "/accounts/$account/pools/$pool/autoscale", params: { account, pool: id } })
        }
      />
      <ActionButton
        name="Clone"
        missing={write}
        onPress={() =>
          void navigate({ to: "/accounts/$account/new-pool", params: { account }, search: { from: id } })
        }
      />
      <ActionButton name="Delete" missing={may.batch("pools/delete")} onPress={() => setDialog("delete")} />
      <RefusalNotice error={stopping.error ?? removing.error} />
      {dialog === "resize" && (
        <ResizeDialog
          account={account}
          pool={pool}
          onClose={() => {
            setDialog(undefined);
            onDone();
          }}
        />
      )}
      <ConfirmDialog
        isOpen={dialog === "delete"}
        title={`Delete ${id}?`}
        confirm="Delete"
        onConfirm={() => removing.mutate()}
        onClose={() => setDialog(undefined)}
      >
        Its nodes go, and what runs on them is ended.
      </ConfirmDialog>
    </>
  );
}

interface NodesProps {
  readonly account: string;
  readonly pool: string;
  /** Resource ids. */
  readonly identities: readonly string[];
}

const identitiesOf = ({ identity }: models.CloudPool): readonly string[] =>
  identity?.userAssignedIdentities?.map(({ resourceId }) => resourceId) ?? [];

function Nodes({ account, pool, identities }: NodesProps) {
  const { selected } = useListSearch();
  const set = useSetListSearch();
  const { data: nodes, error } = useQuery(
    live({ queryKey: ["nodes", account, pool], queryFn: () => allNodes(account, pool) }),
  );
  const node = useQuery({
    ...live({
      queryKey: ["node", account, pool, selected],
      queryFn: async () => (await batchOf(account).nodeIfAny(pool, selected ?? "")) ?? null,
    }),
    enabled: selected !== undefined,
  });
  return (
    <section className="section" aria-label="Nodes">
      <h2>Nodes</h2>
      <RefusalNotice error={error ?? node.error} />
      {nodes && <NodeMap {...{ pool, nodes }} chosen={selected} onChoose={(id) => set({ selected: id })} />}
      {selected && node.data && <NodePanel {...{ account, pool, identities }} node={node.data} />}
    </section>
  );
}

/** What the map shows of each. */
const SELECT = "id,state,runningTasksCount";

/** More a map does not show. */
const NODES_MAX = 5_000;

async function allNodes(account: string, pool: string): Promise<models.ComputeNode[]> {
  const list = batchOf(account).nodes(pool);
  const nodes: models.ComputeNode[] = [];
  let next: string | undefined;
  do {
    const page = await list({ maxresults: 1_000, $select: SELECT }, next);
    nodes.push(...page.value);
    next = page.next;
  } while (next && nodes.length < NODES_MAX);
  return nodes;
}
