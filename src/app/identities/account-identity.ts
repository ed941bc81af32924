/** The user-assigned identities of a Batch account itself. */
import type { AccountIdentity } from "../../core/management/account-spec.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { assignableIdentities } from "./assignable-identities.ts";

/** @throws as `assignableIdentities` */
export async function accountIdentitiesFind(
  c: Connection,
  tenantId: string,
  resourceIds: readonly string[],
): Promise<AccountIdentity[]> {
  const identities = await assignableIdentities(c, tenantId, resourceIds);
  return identities.map(({ resourceId, principalId, clientId }) => ({ resourceId, principalId, clientId }));
}
