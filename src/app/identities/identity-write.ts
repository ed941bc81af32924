/**
 * Creating, tagging and deleting user-assigned managed identities. Each has a service principal of its own in the directory of
 * its subscription's tenant, made and removed with it. Source: "Microsoft.ManagedIdentity/userAssignedIdentities".
 */
import { randomUUID } from "node:crypto";
import { asciiLowerCase } from "../../core/access/ascii-lower-case.ts";
import { Fault } from "../../core/fault.ts";
import { servicePrincipalRowInsert } from "../../store/applications.ts";
import type { Connection } from "../../store/engine/connection.ts";
import type { Store } from "../../store/engine/store.ts";
import {
  type IdentityRow,
  identityByName,
  identityDelete,
  identityInsert,
  identityTagsSet,
} from "../../store/identities.ts";
import { type AccessChanges, changeAccess } from "../access/access-change.ts";
import { scopeAssignmentsDelete } from "../access/scope-assignments.ts";
import { servicePrincipalRemove } from "../directory/service-principal.ts";
import type { ResourceGroup } from "../subscriptions/resource-group-read.ts";
import type { Subscription } from "../subscriptions/subscription-read.ts";
import { type Identity, identityOf, identityScope } from "./identity.ts";

export interface IdentityChanges {
  readonly store: Store;
  readonly clock: () => number;
}

export interface IdentityPut {
  readonly name: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** "Naming rules and restrictions for Azure resources": 3 to 128 letters, digits, hyphens, underscores; no such sign first. */
const NAME = /^[a-z0-9][\w-]{2,127}$/i;

/** Creates it, or sets the tags of the one of this name. @throws Fault InvalidRequestContent, InvalidResourceLocation */
export async function identityPut(
  { store, clock }: IdentityChanges,
  { subscription, group }: { readonly subscription: Subscription; readonly group: ResourceGroup },
  { name, location, tags }: IdentityPut,
): Promise<{ readonly identity: Identity; readonly isNew: boolean }> {
  if (!NAME.test(name)) {
    throw new Fault("InvalidRequestContent", `'${name}' is no name for a user-assigned identity.`, {
      status: 400,
    });
  }
  const parent = { resource_group_key: group.key, name_lower: asciiLowerCase(name) };
  return store.grow(async (c) => {
    const known = await identityByName.first(c, parent);
    if (known && known.location !== location) {
      throw new Fault(
        "InvalidResourceLocation",
        `The identity '${known.name}' is in location '${known.location}' and cannot be in '${location}' as well.`,
        { status: 409 },
      );
    }
    if (known) await identityTagsSet.run(c, { key: known.key, tags: JSON.stringify(tags) });
    else {
      const [client_id, principal_id] = [randomUUID(), randomUUID()];
      await identityInsert.run(c, {
        ...parent,
        name,
        location,
        tags: JSON.stringify(tags),
        client_id,
        principal_id,
        created_at: clock(),
      });
      await servicePrincipalRowInsert.run(c, {
        object_id: principal_id,
        tenant_id: subscription.tenantId,
        app_id: client_id,
        display_name: name,
        enabled: 1,
        created_at: clock(),
        assignment_required: 0,
      });
    }
    const row = await identityByName.first(c, parent);
    if (!row) throw new Error("an identity that was just written is not there");
    return { identity: identityOf(row), isNew: known === undefined };
  });
}

/** False when there is none. Its tokens open nothing any more, and its nodes get no others. */
export async function identityRemove(
  changes: AccessChanges,
  { subscription, group }: { readonly subscription: Subscription; readonly group: ResourceGroup },
  name: string,
): Promise<boolean> {
  const parent = { resource_group_key: group.key, name_lower: asciiLowerCase(name) };
  return changeAccess(changes, subscription.tenantId, async (c) => {
    const known = await identityByName.first(c, parent);
    if (known) await identityDrop(c, known);
    return known !== undefined;
  });
}

/** With its service principal, and with the roles that were assigned on it: they must not hold on the next one of its name. */
export async function identityDrop(c: Connection, row: IdentityRow): Promise<void> {
  await scopeAssignmentsDelete(c, row.tenant_id, identityScope(identityOf(row)));
  await identityDelete.run(c, { key: row.key });
  await servicePrincipalRemove(c, row.principal_id);
}
