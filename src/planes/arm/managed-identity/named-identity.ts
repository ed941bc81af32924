/** The user-assigned identity that a path names. */
import { IDENTITY_TYPE, type Identity } from "../../../app/identities/identity.ts";
import { identityFind } from "../../../app/identities/identity-read.ts";
import { armFault } from "../request/arm-fault.ts";
import type { ArmContext } from "../request/context.ts";

/** @throws Fault ResourceNotFound */
export async function namedIdentity({ plane, parent, path }: ArmContext): Promise<Identity> {
  const name = path.resourceName ?? "";
  const identity = await identityFind(plane, parent.group, name);
  if (identity) return identity;
  throw armFault(
    "ResourceNotFound",
    `There is no resource '${IDENTITY_TYPE}/${name}' in resource group '${parent.group.name}'.`,
  );
}
