/** What the use cases of management may use. */
import type { AccessChanges } from "../access/access-change.ts";
import type { HostedAccounts } from "../accounts/hosted-accounts.ts";
import type { Records } from "../records.ts";
import type { Storage } from "../storage/storage.ts";

export interface Management extends AccessChanges, Records {
  readonly accounts: HostedAccounts;
  readonly storage: Storage;
  /** No pool can have any: no node would keep them to itself. */
  readonly refusesIdentities: boolean;
  /** Where pools can have identities; everywhere when undefined. */
  readonly identityLocations?: readonly string[] | undefined;
  /** The quota of Batch accounts of a subscription in a location. */
  readonly accountsPerLocation: number;
}
