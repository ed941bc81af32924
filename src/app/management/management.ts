/** What the use cases of management may use. */
import type { AccessChanges } from "../access/access-change.ts";
import type { HostedAccounts } from "../accounts/hosted-accounts.ts";
import type { Nudge } from "../app.ts";
import type { Sealing } from "../directory/sealing.ts";
import type { Storage } from "../storage/storage.ts";

export interface Management extends AccessChanges {
  /** Opens the accounts' keys. */
  readonly sealing: Sealing;
  readonly accounts: HostedAccounts;
  readonly storage: Storage;
  readonly nudge: Nudge;
  /** No pool can have any: no node would keep them to itself. */
  readonly refusesIdentities: boolean;
  /** Where pools can have identities; everywhere when undefined. */
  readonly identityLocations?: readonly string[] | undefined;
}
