/** A user-assigned managed identity as the rest of the program sees it. */
import type { IdentityRow } from "../../store/identities.ts";
import { resourceGroupScope } from "../subscriptions/resource-group-read.ts";

export interface Identity {
  readonly key: number;
  readonly name: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Its application id in tokens. */
  readonly clientId: string;
  /** Its service principal's object id, which roles are assigned to. */
  readonly principalId: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

export const IDENTITY_TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities";

/** The resource id, in the case in which group and identity were created. */
export function identityScope({ subscriptionId, resourceGroup, name }: Identity): string {
  return `${resourceGroupScope({ subscriptionId, name: resourceGroup })}/providers/${IDENTITY_TYPE}/${name}`;
}

export function identityOf(row: IdentityRow): Identity {
  return {
    key: row.key,
    name: row.name,
    location: row.location,
    tags: JSON.parse(row.tags),
    clientId: row.client_id,
    principalId: row.principal_id,
    tenantId: row.tenant_id,
    subscriptionId: row.subscription_id,
    resourceGroup: row.resource_group,
    createdAt: row.created_at,
  };
}
