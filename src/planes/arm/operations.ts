/** Every operation that is built. The others of the table answer a declared 501, after authorization. */
import type { ArmOperationId } from "../../wire/arm/operations.ts";
import * as applicationPackages from "./application-packages.ts";
import * as applications from "./applications.ts";
import * as batchAccounts from "./batch-accounts.ts";
import * as batchLocations from "./batch-locations.ts";
import * as certificates from "./certificates.ts";
import * as denyAssignments from "./deny-assignments.ts";
import * as federatedCredentials from "./federated-credentials.ts";
import * as identities from "./identities.ts";
import * as permissions from "./permissions.ts";
import * as pools from "./pools.ts";
import * as providerOperations from "./provider-operations.ts";
import * as providers from "./providers.ts";
import type { ArmOperationHandler } from "./request/operation.ts";
import * as resourceGroups from "./resource-groups.ts";
import * as resources from "./resources.ts";
import * as roleAssignments from "./role-assignments.ts";
import * as roleDefinitions from "./role-definitions.ts";
import * as storageAccounts from "./storage-accounts.ts";
import * as subscriptions from "./subscriptions.ts";
import * as tags from "./tags.ts";
import * as tenants from "./tenants.ts";

const files: readonly Record<string, ArmOperationHandler>[] = [
  applicationPackages,
  applications,
  batchAccounts,
  federatedCredentials,
  identities,
  batchLocations,
  certificates,
  denyAssignments,
  permissions,
  pools,
  providerOperations,
  providers,
  resourceGroups,
  resources,
  roleAssignments,
  roleDefinitions,
  storageAccounts,
  subscriptions,
  tags,
  tenants,
];

export const armOperationHandlers: ReadonlyMap<ArmOperationId, ArmOperationHandler> = new Map(
  files.flatMap((file) => Object.values(file).map((handler) => [handler.id, handler] as const)),
);
