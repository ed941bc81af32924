/**
 * What a first start declares: tenants with their applications and users, subscriptions, Batch accounts, role assignments.
 * Owns the seed file's form; applying it is `seed-apply.ts`.
 */
import type { ApplicationSeed, UserSeed } from "../directory/seed.ts";

export interface Seed {
  readonly tenants: readonly TenantSeed[];
  readonly subscriptions: readonly SubscriptionSeed[];
  readonly accounts: readonly AccountSeed[];
  readonly storageAccounts?: readonly StorageAccountSeed[];
  readonly roleAssignments: readonly RoleAssignmentSeed[];
}

export interface TenantSeed {
  readonly tenantId: string;
  readonly displayName: string;
  /** The first is the default one. */
  readonly domains: readonly [string, ...string[]];
  readonly applications: readonly ApplicationSeed[];
  readonly users: readonly UserSeed[];
}

export interface SubscriptionSeed {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly displayName: string;
}

export interface AccountSeed {
  readonly name: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly location: string;
  /** Base64 of 64 bytes; random when absent. */
  readonly primaryKey?: string;
  readonly secondaryKey?: string;
  /** Name of a storage account of the same resource group. */
  readonly autoStorage?: string;
}

export interface StorageAccountSeed {
  readonly name: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly location: string;
}

export interface RoleAssignmentSeed {
  readonly tenantId: string;
  /** Object id of a service principal or user. */
  readonly principalId: string;
  readonly principalType: "ServicePrincipal" | "User";
  /** GUID of the role definition. */
  readonly roleDefinitionId: string;
  readonly scope: string;
}
