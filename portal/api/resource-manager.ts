/** Azure Resource Manager as the portal uses it: subscriptions, groups, Batch accounts, roles and their assignments. */
import type { RolePermissions } from "../../src/wire/rbac/role-definition.ts";
import { type Ask, askJson, Refusal } from "./service-request.ts";

interface List<Item> {
  readonly value: readonly Item[];
  readonly nextLink?: string;
}

const VERSIONS = {
  subscriptions: "2022-12-01",
  resources: "2021-04-01",
  authorization: "2022-04-01",
  batch: "2024-07-01",
  identity: "2023-01-31",
  storage: "2023-01-01",
  monitor: "2018-01-01",
} as const;

type Api = keyof typeof VERSIONS;

export const arm = <Value>(api: Api, path: string, asked?: Ask): Promise<Value> =>
  askJson("arm", `${path}${path.includes("?") ? "&" : "?"}api-version=${VERSIONS[api]}`, asked);

/** So many pages at the most: a link that leads in circles ends there. */
const PAGES_MAX = 200;

export async function all<Item>(api: Api, path: string): Promise<Item[]> {
  let page = await arm<List<Item>>(api, path);
  const items = [...page.value];
  for (let pages = 1; page.nextLink && pages < PAGES_MAX; pages++) {
    const { pathname, search } = new URL(page.nextLink);
    page = await askJson<List<Item>>("arm", pathname + search);
    items.push(...page.value);
  }
  return items;
}

export interface Subscription {
  readonly id: string;
  readonly subscriptionId: string;
  readonly displayName: string;
  readonly state: string;
}
export const subscriptionsList = () => all<Subscription>("subscriptions", "/subscriptions");

export interface ResourceGroup {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly tags?: Readonly<Record<string, string>>;
}
export const groupsList = (subscriptionId: string) =>
  all<ResourceGroup>("resources", `/subscriptions/${subscriptionId}/resourcegroups`);

export interface BatchAccount {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly identity?: {
    readonly type: string;
    readonly principalId?: string;
    readonly userAssignedIdentities?: Readonly<Record<string, { readonly clientId?: string }>>;
  };
  readonly properties: {
    readonly accountEndpoint: string;
    readonly provisioningState: string;
    readonly poolAllocationMode: string;
    readonly dedicatedCoreQuota: number | null;
    readonly lowPriorityCoreQuota: number | null;
    readonly poolQuota: number;
    readonly activeJobAndJobScheduleQuota: number;
    readonly allowedAuthenticationModes?: readonly string[] | null;
    readonly autoStorage?: { readonly storageAccountId: string } | null;
    readonly publicNetworkAccess?: string;
  };
}

export async function accountsList(): Promise<BatchAccount[]> {
  const subscriptions = await subscriptionsList();
  const lists = await Promise.all(
    subscriptions.map(({ id }) =>
      all<BatchAccount>("batch", `${id}/providers/Microsoft.Batch/batchAccounts`),
    ),
  );
  return lists.flat();
}

export interface AccountKeys {
  readonly accountName: string;
  readonly primary: string;
  readonly secondary: string;
}
export const keysList = (accountId: string) =>
  arm<AccountKeys>("batch", `${accountId}/listKeys`, { method: "POST" });
export const keyRegenerate = (accountId: string, keyName: "Primary" | "Secondary") =>
  arm<AccountKeys>("batch", `${accountId}/regenerateKeys`, { method: "POST", body: { keyName } });

/** What the signed-in user may do at a scope: nothing, where they may not even ask. */
export async function permissionsAt(scope: string): Promise<readonly RolePermissions[]> {
  try {
    const path = `${scope}/providers/Microsoft.Authorization/permissions`;
    return (await arm<List<RolePermissions>>("authorization", path)).value;
  } catch (error) {
    if (error instanceof Refusal && error.isForbidden) return [];
    throw error;
  }
}

export interface RoleDefinition {
  readonly id: string;
  readonly name: string;
  readonly properties: {
    readonly roleName: string;
    readonly description: string;
    readonly type: string;
    readonly permissions: readonly RolePermissions[];
    readonly assignableScopes: readonly string[];
  };
}
export const rolesList = (scope: string) =>
  all<RoleDefinition>("authorization", `${scope}/providers/Microsoft.Authorization/roleDefinitions`);

export const roleCreate = (scope: string, properties: Omit<RoleDefinition["properties"], "type">) =>
  arm<RoleDefinition>(
    "authorization",
    `${scope}/providers/Microsoft.Authorization/roleDefinitions/${crypto.randomUUID()}`,
    { method: "PUT", body: { properties: { ...properties, type: "CustomRole" } } },
  );
export const roleDelete = (role: RoleDefinition) => arm("authorization", role.id, { method: "DELETE" });

export interface RoleAssignment {
  readonly id: string;
  readonly properties: {
    readonly scope: string;
    readonly roleDefinitionId: string;
    readonly principalId: string;
    readonly principalType: string;
    readonly createdOn?: string;
  };
}
export const assignmentsList = (scope: string) =>
  all<RoleAssignment>("authorization", `${scope}/providers/Microsoft.Authorization/roleAssignments`);

/** The roles that somebody holds at a scope and below. */
export const assignmentsOf = (scope: string, principalId: string) =>
  all<RoleAssignment>(
    "authorization",
    `${scope}/providers/Microsoft.Authorization/roleAssignments?$filter=${encodeURIComponent(`principalId eq '${principalId}'`)}`,
  );

export const assignmentCreate = (
  scope: string,
  given: Pick<RoleAssignment["properties"], "roleDefinitionId" | "principalId" | "principalType">,
) =>
  arm<RoleAssignment>(
    "authorization",
    `${scope}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`,
    { method: "PUT", body: { properties: given } },
  );
export const assignmentDelete = ({ id }: RoleAssignment) => arm("authorization", id, { method: "DELETE" });

export interface DenyAssignment {
  readonly id: string;
  readonly properties: { readonly denyAssignmentName: string; readonly scope: string };
}
export const denyAssignmentsList = (scope: string) =>
  all<DenyAssignment>("authorization", `${scope}/providers/Microsoft.Authorization/denyAssignments`);

export interface ManagedIdentity {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly properties: { readonly tenantId: string; readonly principalId: string; readonly clientId: string };
}
export async function identitiesList(): Promise<ManagedIdentity[]> {
  const subscriptions = await subscriptionsList();
  const lists = await Promise.all(
    subscriptions.map(({ id }) =>
      all<ManagedIdentity>("identity", `${id}/providers/Microsoft.ManagedIdentity/userAssignedIdentities`),
    ),
  );
  return lists.flat();
}
export const identityRead = (id: string) => arm<ManagedIdentity>("identity", id);
export const identityCreate = (group: string, name: string, location: string) =>
  arm<ManagedIdentity>(
    "identity",
    `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${encodeURIComponent(name)}`,
    { method: "PUT", body: { location } },
  );
export const identityDelete = ({ id }: ManagedIdentity) => arm("identity", id, { method: "DELETE" });

/** A pool as management has it: the only place where it has identities. */
export interface ManagedPool {
  readonly id: string;
  readonly name: string;
  readonly identity?: { readonly userAssignedIdentities?: Readonly<Record<string, object>> | null } | null;
}
export const managedPoolsList = (accountId: string) => all<ManagedPool>("batch", `${accountId}/pools`);
export const managedPoolCreate = (accountId: string, name: string, body: object) =>
  arm<ManagedPool>("batch", `${accountId}/pools/${encodeURIComponent(name)}`, { method: "PUT", body });
