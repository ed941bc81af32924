/** Where a managed identity has its page. Pure. */
export interface IdentityPlace {
  readonly subscription: string;
  readonly group: string;
  readonly identity: string;
}

export function placeOf(id: string): IdentityPlace {
  const [, , subscription = "", , group = "", , , , identity = ""] = id.split("/");
  return { subscription, group, identity };
}

export const identityId = ({ subscription, group, identity }: Partial<IdentityPlace>): string =>
  `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${identity}`;
