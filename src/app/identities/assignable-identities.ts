/** Finds the identities that a request gives to a resource of a tenant. That the caller may assign each has been decided. */
import { Fault } from "../../core/fault.ts";
import type { Connection } from "../../store/engine/connection.ts";
import type { Identity } from "./identity.ts";
import { identityByResourceId } from "./identity-read.ts";

export interface AssignableIdentity extends Identity {
  /** The resource id in the spelling in which it was given. */
  readonly resourceId: string;
}

/** @throws Fault FailedIdentityOperation for one that is not there, LinkedAuthorizationFailed for another tenant's */
export function assignableIdentities(
  c: Connection,
  tenantId: string,
  resourceIds: readonly string[],
): Promise<AssignableIdentity[]> {
  return Promise.all(
    resourceIds.map(async (resourceId) => {
      const identity = await identityByResourceId(c, resourceId);
      if (identity === undefined) throw absent(resourceId);
      if (identity.tenantId !== tenantId) throw foreign(tenantId, identity.subscriptionId);
      return { ...identity, resourceId };
    }),
  );
}

function absent(resourceId: string): Fault {
  return new Fault(
    "FailedIdentityOperation",
    `The identity could not be assigned: resource '${resourceId}' was not found.`,
    { status: 400 },
  );
}

function foreign(tenantId: string, subscriptionId: string): Fault {
  return new Fault(
    "LinkedAuthorizationFailed",
    `The client may do this, but the current tenant '${tenantId}' is not authorized to access linked subscription '${subscriptionId}'.`,
    { status: 403 },
  );
}
