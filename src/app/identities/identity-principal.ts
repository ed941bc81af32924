/** Which service principals belong to managed identities: those come and go with them. */

import type { Store } from "../../store/engine/store.ts";
import { identityByPrincipal } from "../../store/identities.ts";

/** @param objectId of a service principal */
export async function isManagedIdentity({ read }: Pick<Store, "read">, objectId: string): Promise<boolean> {
  return (await identityByPrincipal.first(read, { principal_id: objectId })) !== undefined;
}
