/** For tests of use cases without a service: a store with one Batch account and pool, and an app that reaches no agents. */
import { accountsAll } from "../store/accounts.ts";
import type { Connection } from "../store/engine/connection.ts";
import type { AccountHandle } from "./accounts/account-handle.ts";
import { accountHandle } from "./accounts/account-handle.ts";
import type { App } from "./app.ts";
import {
  type DirectoryFixture,
  openDirectoryFixture,
  START,
  TENANT_ID,
} from "./directory/directory.fixture.ts";
import { jobAdd } from "./jobs/job-add.ts";
import { seedApply } from "./seed/seed-apply.ts";

const SUBSCRIPTION_ID = "55555555-5555-4555-8555-555555555555";

export interface BatchStore extends DirectoryFixture {
  readonly app: App;
  readonly account: AccountHandle;
  /** Adds a job on a pool that need not be there. */
  job(id: string, change?: object): Promise<void>;
  rows<T>(sql: string, ...values: (string | number)[]): Promise<T[]>;
  write<T>(work: (c: Connection) => Promise<T>): Promise<T>;
}

export async function openBatchStore(): Promise<BatchStore> {
  const fixture = await openDirectoryFixture();
  const { store, directory, sealing } = fixture;
  const place = { subscriptionId: SUBSCRIPTION_ID, resourceGroup: "render", location: "westus" };
  await seedApply(
    directory,
    sealing,
    {
      tenants: [],
      subscriptions: [{ subscriptionId: SUBSCRIPTION_ID, tenantId: TENANT_ID, displayName: "Render" }],
      accounts: [{ ...place, name: "farm" }],
      roleAssignments: [],
    },
    START,
  );
  const [row] = await accountsAll.all(store.read, {});
  if (row === undefined) throw new Error("the account is not there");
  const account = accountHandle(row);
  const nothing = () => {};
  const nudge = { placement: nothing, nodes: nothing, jobs: nothing, schedules: nothing, autoscale: nothing };
  const app = { store, clock: () => START, nudge, sealing } as unknown as App;
  return {
    ...fixture,
    app,
    account,
    job: async (id, change = {}) => {
      await jobAdd(app, account, { id, poolInfo: { poolId: "p" }, ...change });
    },
    rows: async <T>(sql: string, ...values: (string | number)[]) =>
      (await store.read.query(sql, values)) as T[],
    write: (work) => store.write(work),
  };
}
