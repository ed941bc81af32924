import { expect, test } from "vitest";
import { type ArmOperationId, armOperations } from "./operations.ts";
import { armPermission } from "./permissions.ts";

test.each<[ArmOperationId, string]>([
  ["Microsoft.Batch/BatchAccount_Get", "Microsoft.Batch/batchAccounts/read"],
  ["Microsoft.Batch/BatchAccount_List", "Microsoft.Batch/batchAccounts/read"],
  ["Microsoft.Batch/BatchAccount_GetKeys", "Microsoft.Batch/batchAccounts/listKeys/action"],
  ["Microsoft.Batch/Pool_Create", "Microsoft.Batch/batchAccounts/pools/write"],
  ["Microsoft.Batch/Pool_Update", "Microsoft.Batch/batchAccounts/pools/write"],
  [
    "Microsoft.Batch/ApplicationPackage_Activate",
    "Microsoft.Batch/batchAccounts/applications/versions/activate/action",
  ],
  ["Microsoft.Batch/Location_GetQuotas", "Microsoft.Batch/locations/quotas/read"],
  ["Microsoft.Batch/Operations_List", "Microsoft.Batch/operations/read"],
  ["Microsoft.Authorization/RoleAssignments_ListForResource", "Microsoft.Authorization/roleAssignments/read"],
  ["Microsoft.Authorization/RoleAssignments_DeleteById", "Microsoft.Authorization/roleAssignments/delete"],
  [
    "Microsoft.ManagedIdentity/UserAssignedIdentities_Delete",
    "Microsoft.ManagedIdentity/userAssignedIdentities/delete",
  ],
  [
    "Microsoft.ManagedIdentity/SystemAssignedIdentities_GetByScope",
    "Microsoft.ManagedIdentity/identities/read",
  ],
  [
    "Microsoft.Resources/ResourceGroups_CreateOrUpdate",
    "Microsoft.Resources/subscriptions/resourceGroups/write",
  ],
  [
    "Microsoft.Resources/ResourceGroups_CheckExistence",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
  ],
  ["Microsoft.Resources/Subscriptions_ListLocations", "Microsoft.Resources/subscriptions/locations/read"],
  ["Microsoft.Resources/Tenants_List", "Microsoft.Resources/tenants/read"],
])("%s needs %s", (id, name) => {
  expect(armPermission(id)).toEqual({ name, kind: "action" });
});

test("every operation's permission is spelled like one", () => {
  for (const id of Object.keys(armOperations) as ArmOperationId[]) {
    const { name } = armPermission(id);
    expect(name, id).toMatch(/^(Microsoft\.\w+|\{resourceProviderNamespace\})(\/\w+)+$/);
    expect(name, id).toMatch(/\/(read|write|delete|\w+\/action)$/);
  }
});
