/** A Batch account at a glance: where it is, its quotas, and what runs in it now. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { batchOf } from "../../api/batch.ts";
import { failuresSince } from "../../api/batch-account.ts";
import type { BatchAccount } from "../../api/resource-manager.ts";
import { useAccount, useAccountName, useMayHere } from "../../parts/account.ts";
import { AccountPage } from "../../parts/account-page.tsx";
import { Essentials } from "../../parts/essentials.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { live } from "../../queries.ts";

export function AccountOverview() {
  const name = useAccountName();
  const account = useAccount();
  const quota = account?.properties;
  return (
    <AccountPage
      title={name}
      kind="Batch account"
      commands={{
        lines: [
          `az batch account show -n ${name} -g ${account?.id.split("/")[4] ?? "GROUP"}`,
          "./bin/batchyard.js account show",
        ],
        request: `GET ${account?.id ?? ""}?api-version=2024-07-01`,
      }}
    >
      <Essentials
        facts={[
          { name: "URL", value: account && `https://${quota?.accountEndpoint}`, isCopied: true },
          { name: "Location", value: account?.location },
          { name: "Provisioning state", value: quota?.provisioningState },
          { name: "Resource group", value: account?.id.split("/")[4] },
          { name: "Subscription ID", value: account?.id.split("/")[2], isCopied: true },
          { name: "Pool allocation mode", value: quota?.poolAllocationMode },
          { name: "Authentication modes", value: quota?.allowedAuthenticationModes?.join(", ") },
          { name: "Identity", value: account?.identity?.type ?? "None" },
          { name: "Resource ID", value: account?.id, isCopied: true },
        ]}
      />
      <Figures name={name} account={account} />
    </AccountPage>
  );
}

interface FiguresProps {
  readonly name: string;
  readonly account: BatchAccount | undefined;
}

function Figures({ name, account }: FiguresProps) {
  const may = useMayHere();
  const quota = account?.properties;
  const { data, error } = useQuery({
    ...live({ queryKey: ["account-figures", name], queryFn: () => figures(name) }),
    enabled: may.batch("pools/read") === undefined && may.batch("jobs/read") === undefined,
  });
  const failures = useQuery({
    ...live({
      queryKey: ["account-failures", account?.id],
      queryFn: () => failuresSince(account as BatchAccount, midnight()),
    }),
    enabled:
      account !== undefined && may.isKnown && may.action("Microsoft.Insights/metrics/read") === undefined,
  });
  const shown = [
    ["Nodes running tasks", data?.runningNodes],
    ["Nodes", data?.nodes],
    ["Tasks failed today", failures.data],
    ["Pools", data && `${data.pools} of ${quota?.poolQuota ?? "–"}`],
    ["Active jobs", data && `${data.jobs} of ${quota?.activeJobAndJobScheduleQuota ?? "–"}`],
  ] as const;
  return (
    <>
      <RefusalNotice error={error ?? failures.error} />
      <section className="figures" aria-label="Now">
        {shown.map(([name, value]) => (
          <div key={name} className="figure">
            <span className="figure-value">{value ?? "–"}</span>
            <span>{name}</span>
          </div>
        ))}
      </section>
      <p className="links">
        <Link to="/accounts/$account/jobs" params={{ account: name }}>
          All jobs
        </Link>
        <Link to="/accounts/$account/pools" params={{ account: name }}>
          All pools
        </Link>
      </p>
    </>
  );
}

/** Of today, where the user is. */
const midnight = (): Date => new Date(new Date().setHours(0, 0, 0, 0));

/** Counts alone: what they cost does not grow with tasks or nodes. */
async function figures(account: string) {
  const batch = batchOf(account);
  const [counts, jobs] = await Promise.all([
    batch.poolCounts(),
    batch.jobs({ $filter: "state eq 'active'", $select: "id" }),
  ]);
  const all = counts.value.flatMap(({ dedicated, lowPriority }) => [dedicated, lowPriority]);
  const sum = (of: (counts: NonNullable<(typeof all)[number]>) => number) =>
    all.reduce((total, each) => total + (each ? of(each) : 0), 0);
  return {
    nodes: sum(({ total }) => total),
    runningNodes: sum(({ running }) => running),
    pools: counts.value.length,
    jobs: jobs.value.length + (jobs.next ? "+" : ""),
  };
}
