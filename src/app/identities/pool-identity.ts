/** A user-assigned identity as a pool has it, and each of the pool's nodes. Set over management only. */
export interface PoolIdentity {
  /** As it was given. */
  readonly resourceId: string;
  /** An identity that is made anew under the same name is another one. */
  readonly identityKey: number;
}

/** @param column `identities` of a pool or a node */
export function poolIdentitiesOf({ identities }: { readonly identities: string | null }): PoolIdentity[] {
  return identities === null ? [] : JSON.parse(identities);
}
