/** Which resources have an identity. Source: "User Assigned Identities - List Associated Resources". */
import { storedAccountSpec } from "../../core/management/account-spec.ts";
import { accountsAll } from "../../store/accounts.ts";
import { poolsWithIdentities } from "../../store/work/pools.ts";
import { accountHandle, accountScope } from "../accounts/account-handle.ts";
import type { Identity } from "../identities/identity.ts";
import { poolIdentitiesOf } from "../identities/pool-identity.ts";
import { subscriptionFind } from "../subscriptions/subscription-read.ts";
import type { Management } from "./management.ts";

/** A resource that has it, as the list shows it. */
export interface IdentityUse {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly resourceGroup: string;
  readonly subscriptionId: string;
  readonly subscriptionDisplayName: string;
}

export async function identityUses(management: Management, identity: Identity): Promise<IdentityUse[]> {
  const { read } = management.store;
  const accounts = (await accountsAll.all(read, {})).filter((row) => row.tenant_id === identity.tenantId);
  const pools = (await poolsWithIdentities.all(read, {})).filter((pool) =>
    poolIdentitiesOf(pool).some(({ identityKey }) => identityKey === identity.key),
  );
  const uses = await Promise.all(
    accounts.map(async (row) => {
      const handle = accountHandle(row);
      const { name, resourceGroup, subscriptionId } = handle;
      const scope = accountScope(handle);
      const subscription = await subscriptionFind(management, subscriptionId);
      const parent = {
        resourceGroup,
        subscriptionId,
        subscriptionDisplayName: subscription?.displayName ?? "",
      };
      const account = { id: scope, name, type: "Microsoft.Batch/batchAccounts", ...parent };
      const isOfAccount = storedAccountSpec(row.spec).identities.some(
        ({ clientId }) => clientId === identity.clientId,
      );
      const ofPools = pools
        .filter(({ account_key }) => account_key === row.key)
        .map(({ id }) => ({
          id: `${scope}/pools/${id}`,
          name: id,
          type: `${account.type}/pools`,
          ...parent,
        }));
      return [...(isOfAccount ? [account] : []), ...ofPools];
    }),
  );
  return uses.flat();
}
