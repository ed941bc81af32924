/** Finds a principal of a tenant by what people call it: object id, application id or user principal name. */

import { asciiLowerCase } from "../../core/access/ascii-lower-case.ts";
import { principalsByName } from "../../store/directory.ts";
import type { Store } from "../../store/engine/store.ts";
import type { FoundPrincipal } from "../../wire/access/access-api.ts";

/** @param name in any case */
export async function principalFind(
  store: Store,
  tenantId: string,
  name: string,
): Promise<FoundPrincipal | undefined> {
  const found = await principalsByName.first(store.read, { tenant_id: tenantId, name: asciiLowerCase(name) });
  return found && { objectId: found.object_id, displayName: found.display_name, type: found.principal_type };
}
