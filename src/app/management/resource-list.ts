/** All tracked resources of a subscription or resource group, whatever their provider. */
import type { Tags } from "../../core/management/tags.ts";
import { accountScope } from "../accounts/account-handle.ts";
import { IDENTITY_TYPE, identityScope } from "../identities/identity.ts";
import { identityList } from "../identities/identity-read.ts";
import { STORAGE_ACCOUNT_TYPE, storageAccountScope } from "../storage/storage-account.ts";
import type { ResourceGroup } from "../subscriptions/resource-group-read.ts";
import type { Subscription } from "../subscriptions/subscription-read.ts";
import { accountList } from "./account-read.ts";
import type { Management } from "./management.ts";
import { storageAccountList } from "./storage-account-read.ts";

export interface TrackedResource {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly location: string;
  readonly resourceGroup: string;
  readonly tags: Tags;
  /** The kind, for resources that have one. */
  readonly kind?: string;
  readonly sku?: { readonly name: string; readonly tier: string };
  readonly provisioningState: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly changedAt: number;
}

/** In the order of their ids. */
export async function resourceList(
  management: Management,
  parent: { readonly subscription: Subscription } | { readonly group: ResourceGroup },
): Promise<TrackedResource[]> {
  const accounts = await accountList(management, parent);
  const storageAccounts = storageAccountList(management, parent).map((account) => ({
    id: storageAccountScope(account),
    name: account.name,
    type: STORAGE_ACCOUNT_TYPE,
    location: account.location,
    resourceGroup: account.resourceGroup,
    tags: account.tags,
    kind: account.spec.kind,
    sku: { name: account.spec.sku, tier: account.spec.sku.split("_")[0] ?? "" },
    provisioningState: "Succeeded",
    createdAt: account.createdAt,
    changedAt: account.createdAt,
  }));
  const batchAccounts = accounts.map(({ handle, spec, isDeleting, createdAt, changedAt }) => ({
    id: accountScope(handle),
    name: handle.name,
    type: "Microsoft.Batch/batchAccounts",
    location: handle.location,
    resourceGroup: handle.resourceGroup,
    tags: spec.tags,
    provisioningState: isDeleting ? "Deleting" : "Succeeded",
    createdAt,
    changedAt,
  }));
  const identities = (await identityList(management, parent)).map((identity) => ({
    id: identityScope(identity),
    name: identity.name,
    type: IDENTITY_TYPE,
    location: identity.location,
    resourceGroup: identity.resourceGroup,
    tags: identity.tags,
    provisioningState: "Succeeded",
    createdAt: identity.createdAt,
    changedAt: identity.createdAt,
  }));
  return [...batchAccounts, ...storageAccounts, ...identities].sort((a, b) => (a.id < b.id ? -1 : 1));
}
