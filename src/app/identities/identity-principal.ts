/** Which service principals belong to managed identities: those come and go with them. */

import type { Store } from "../../store/engine/store.ts";
import { identityByPrincipal } from "../../store/identities.ts";
import { isSystemIdentity } from "./system-identity.ts";

/** @param objectId of a service principal */
export async function isManagedIdentity({ read }: Pick<Store, "read">, objectId: string): Promise<boolean> {
  const userAssigned = await identityByPrincipal.first(read, { principal_id: objectId });
  return userAssigned !== undefined || isSystemIdentity(read, objectId);
}
