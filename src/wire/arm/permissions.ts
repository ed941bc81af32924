/**
 * Which action a management operation needs. ARM derives it from the request: the resource type that the path ends in, and what the
 * method does ("Azure resource provider operations"; "Understand Azure role definitions", section "Actions format"). Only the
 * paths that do not name their type are listed here.
 */
import type { Permission } from "../rbac/permission.ts";
import { type ArmOperationId, armOperations } from "./operations.ts";

const VERBS = {
  GET: "read",
  HEAD: "read",
  PUT: "write",
  PATCH: "write",
  DELETE: "delete",
  POST: "action",
} as const;

/** `{resourceProviderNamespace}` stands for the provider that the request names. */
const UNNAMED: Readonly<Partial<Record<ArmOperationId, string>>> = {
  "Microsoft.Authorization/DenyAssignments_GetById": "Microsoft.Authorization/denyAssignments/read",
  "Microsoft.Authorization/RoleAssignments_CreateById": "Microsoft.Authorization/roleAssignments/write",
  "Microsoft.Authorization/RoleAssignments_DeleteById": "Microsoft.Authorization/roleAssignments/delete",
  "Microsoft.Authorization/RoleAssignments_GetById": "Microsoft.Authorization/roleAssignments/read",
  "Microsoft.Authorization/RoleDefinitions_GetById": "Microsoft.Authorization/roleDefinitions/read",
  "Microsoft.Resources/Providers_Get": "Microsoft.Resources/subscriptions/providers/read",
  "Microsoft.Resources/Providers_GetAtTenantScope": "Microsoft.Resources/providers/read",
  "Microsoft.Resources/Providers_List": "Microsoft.Resources/subscriptions/providers/read",
  "Microsoft.Resources/Providers_ListAtTenantScope": "Microsoft.Resources/providers/read",
  "Microsoft.Resources/Providers_Register": "{resourceProviderNamespace}/register/action",
  "Microsoft.Storage/StorageAccounts_CheckNameAvailability": "Microsoft.Storage/checknameavailability/read",
  "Microsoft.Resources/Providers_Unregister": "{resourceProviderNamespace}/unregister/action",
};

export function armPermission(id: ArmOperationId): Permission {
  const { method, path } = armOperations[id];
  return { name: UNNAMED[id] ?? `${typeAndAction(path)}/${VERBS[method]}`, kind: "action" };
}

/** `…/providers/Microsoft.Batch/batchAccounts/{accountName}/listKeys` gives `Microsoft.Batch/batchAccounts/listKeys`. */
function typeAndAction(path: string): string {
  const providers = "/providers/";
  let start = path.lastIndexOf(providers);
  while (start >= 0 && path[start + providers.length] === "{")
    start = start === 0 ? -1 : path.lastIndexOf(providers, start - 1);
  const below = start < 0 ? `Microsoft.Resources${path}` : path.slice(start + providers.length);
  const [namespace, ...segments] = below.split("/");
  // Types and names take turns; the action of a POST stands where the next type would.
  return [namespace, ...segments.filter((_, index) => index % 2 === 0)]
    .join("/")
    .replace("resourcegroups", "resourceGroups");
}
