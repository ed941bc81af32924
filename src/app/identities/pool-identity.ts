/** A user-assigned identity as a pool has it, and each of the pool's nodes. Set over management only. */
import type { Connection } from "../../store/engine/connection.ts";
import { identityByKey } from "../../store/identities.ts";
import { assignableIdentities } from "./assignable-identities.ts";

export interface PoolIdentity {
  /** The resource id in the spelling in which it was given. */
  readonly resourceId: string;
  /** An identity that is made anew under the same name is another one. */
  readonly identityKey: number;
}

/** @param column `identities` of a pool or a node */
export function poolIdentitiesOf({ identities }: { readonly identities: string | null }): PoolIdentity[] {
  return identities === null ? [] : JSON.parse(identities);
}

export function poolIdentitiesColumn(identities: readonly PoolIdentity[]): string | null {
  return identities.length === 0 ? null : JSON.stringify(identities);
}

/** Without ids once the identity itself has been deleted. */
export interface NamedPoolIdentity {
  readonly resourceId: string;
  readonly clientId?: string;
  readonly principalId?: string;
}

export async function namedPoolIdentities(
  c: Connection,
  holder: { readonly identities: string | null },
): Promise<NamedPoolIdentity[]> {
  return Promise.all(
    poolIdentitiesOf(holder).map(async ({ resourceId, identityKey }) => {
      const row = await identityByKey.first(c, { key: identityKey });
      return { resourceId, ...(row && { clientId: row.client_id, principalId: row.principal_id }) };
    }),
  );
}

/** @throws as `assignableIdentities` */
export async function poolIdentitiesFind(
  c: Connection,
  tenantId: string,
  resourceIds: readonly string[],
): Promise<PoolIdentity[]> {
  const identities = await assignableIdentities(c, tenantId, resourceIds);
  return identities.map(({ resourceId, key }) => ({ resourceId, identityKey: key }));
}
