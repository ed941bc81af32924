/** What the account may have, and what of it is used. */
import { useQuery } from "@tanstack/react-query";
import { batchOf, type models } from "../../api/batch.ts";
import { sizesList } from "../../api/batch-account.ts";
import { useAccount, useAccountName } from "../../parts/account.ts";
import { AccountPage } from "../../parts/account-page.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { ProgressBarOf } from "../../parts/task-counts.tsx";

export function AccountQuotas() {
  const name = useAccountName();
  const account = useAccount();
  const { data, error } = useQuery({
    queryKey: ["quotas-used", name],
    queryFn: () => used(name),
  });
  const sizes = useQuery({
    queryKey: ["sizes", account?.id],
    queryFn: () => (account ? sizesList(account) : []),
    enabled: account !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const coresOf = (size: string | undefined): number =>
    Number(
      sizes.data
        ?.find((each) => each.name.toLowerCase() === size?.toLowerCase())
        ?.capabilities.find((capability) => capability.name === "vCPUs")?.value ?? 1,
    );
  const cores = (of: (pool: models.CloudPool) => number | undefined) =>
    data?.pools.reduce((sum, pool) => sum + (of(pool) ?? 0) * coresOf(pool.vmSize), 0) ?? 0;
  const quota = account?.properties;
  const rows = [
    [
      "Dedicated cores",
      cores(({ currentDedicatedNodes }) => currentDedicatedNodes),
      quota?.dedicatedCoreQuota,
    ],
    [
      "Spot cores",
      cores(({ currentLowPriorityNodes }) => currentLowPriorityNodes),
      quota?.lowPriorityCoreQuota,
    ],
    ["Pools", data?.pools.length ?? 0, quota?.poolQuota],
    ["Active jobs and job schedules", data?.jobs ?? 0, quota?.activeJobAndJobScheduleQuota],
  ] as const;
  return (
    <AccountPage
      title="Quotas"
      kind="Batch account"
      commands={{
        lines: [`az batch account show -n ${name} -g ${account?.id.split("/")[4] ?? "GROUP"}`],
        request: `GET ${account?.id ?? ""}?api-version=2024-07-01`,
      }}
    >
      <RefusalNotice error={error ?? sizes.error} />
      {data && quota && (
        <dl className="quotas">
          {rows.map(([label, count, most]) => (
            <div key={label} className="card wide">
              <dt>{label}</dt>
              <dd>
                {count.toLocaleString()} of {most?.toLocaleString() ?? "any number"}
                {most !== null && most !== undefined && (
                  <ProgressBarOf parts={{ used: count, left: Math.max(0, most - count) }} />
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <p className="kind">
        A size that is not known here counts as one core. Up to 1,000 pools and jobs are counted.
      </p>
    </AccountPage>
  );
}

async function used(account: string) {
  const batch = batchOf(account);
  const [pools, jobs, schedules] = await Promise.all([
    batch.pools({ $select: "id,vmSize,currentDedicatedNodes,currentLowPriorityNodes", maxresults: 1_000 }),
    batch.jobs({ $filter: "state eq 'active'", $select: "id", maxresults: 1_000 }),
    batch.schedules({ $filter: "state eq 'active'", $select: "id", maxresults: 1_000 }),
  ]);
  return { pools: pools.value, jobs: jobs.value.length + schedules.value.length };
}
