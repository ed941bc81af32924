/** The Batch accounts of this installation, in memory: every request of the data plane begins by naming one. */
import { type AccountRow, accountsAll } from "../../store/accounts.ts";
import type { Store } from "../../store/store.ts";
import type { Sealing } from "../directory/sealing.ts";
import { accountKeyPurpose } from "../seed/seed-apply.ts";
import type { AccountHandle } from "./account-handle.ts";

export interface HostedAccount {
  readonly handle: AccountHandle;
  /** Primary and secondary, decoded. */
  readonly keys: readonly [Uint8Array, Uint8Array];
}

export interface HostedAccounts {
  readonly all: readonly HostedAccount[];
  /** There is always one: seeds without an account are refused. */
  readonly first: HostedAccount;
  byKey(key: number): HostedAccount | undefined;
  /** @param name in any case */
  byName(name: string): HostedAccount | undefined;
}

/** @throws SealBroken when the keys were sealed by another installation */
export async function hostedAccounts(store: Store, sealing: Sealing): Promise<HostedAccounts> {
  const all = (await accountsAll.all(store.read, {})).map((row) => hosted(row, sealing));
  const byKey = new Map(all.map((account) => [account.handle.key, account]));
  const byName = new Map(all.map((account) => [account.handle.name, account]));
  const [first] = all;
  if (!first) throw new Error("the store holds no Batch account");
  return {
    all,
    first,
    byKey: (key) => byKey.get(key),
    byName: (name) => byName.get(name) ?? byName.get(name.toLowerCase()),
  };
}

function hosted(row: AccountRow, sealing: Sealing): HostedAccount {
  const key = (sealed: string, which: "primary" | "secondary") =>
    sealing.unseal(sealed, accountKeyPurpose(row.name, which));
  return {
    handle: {
      key: row.key,
      name: row.name,
      tenantId: row.tenant_id,
      subscriptionId: row.subscription_id,
      resourceGroup: row.resource_group,
      location: row.location,
    },
    keys: [key(row.sealed_primary_key, "primary"), key(row.sealed_secondary_key, "secondary")],
  };
}
