/** Every operation that is built. The others of the table answer a declared 501, after authorization. */
import type { ArmOperationId } from "../../wire/arm/operations.ts";
import * as denyAssignments from "./authorization/deny-assignments.ts";
import * as locks from "./authorization/locks.ts";
import * as permissions from "./authorization/permissions.ts";
import * as roleAssignments from "./authorization/role-assignments.ts";
import * as roleDefinitions from "./authorization/role-definitions.ts";
import * as applicationPackages from "./batch/application-packages.ts";
import * as applications from "./batch/applications.ts";
import * as batchAccounts from "./batch/batch-accounts.ts";
import * as batchLocations from "./batch/batch-locations.ts";
import * as certificates from "./batch/certificates.ts";
import * as metrics from "./batch/metrics.ts";
import * as pools from "./batch/pools.ts";
import * as privateLinks from "./batch/private-links.ts";
import * as providerOperations from "./batch/provider-operations.ts";
import * as federatedCredentials from "./managed-identity/federated-credentials.ts";
import * as identities from "./managed-identity/identities.ts";
import * as computeUsages from "./neighbours/compute-usages.ts";
import * as features from "./neighbours/features.ts";
import * as managementGroups from "./neighbours/management-groups.ts";
import * as nothingHere from "./neighbours/nothing-here.ts";
import type { ArmOperationHandler } from "./request/operation.ts";
import * as providers from "./resources/providers.ts";
import * as resourceGroups from "./resources/resource-groups.ts";
import * as resourceMoves from "./resources/resource-moves.ts";
import * as resources from "./resources/resources.ts";
import * as subscriptions from "./resources/subscriptions.ts";
import * as tags from "./resources/tags.ts";
import * as tenants from "./resources/tenants.ts";
import * as accountSignatures from "./storage/account-signatures.ts";
import * as containers from "./storage/containers.ts";
import * as noChildren from "./storage/no-children.ts";
import * as storageAccounts from "./storage/storage-accounts.ts";
import * as storageServices from "./storage/storage-services.ts";
import * as storageSkus from "./storage/storage-skus.ts";
import * as storageUsages from "./storage/storage-usages.ts";

const files: readonly Record<string, ArmOperationHandler>[] = [
  accountSignatures,
  applicationPackages,
  applications,
  batchAccounts,
  federatedCredentials,
  identities,
  batchLocations,
  computeUsages,
  containers,
  features,
  managementGroups,
  noChildren,
  nothingHere,
  privateLinks,
  certificates,
  denyAssignments,
  locks,
  permissions,
  metrics,
  pools,
  providerOperations,
  providers,
  resourceGroups,
  resourceMoves,
  resources,
  roleAssignments,
  roleDefinitions,
  storageAccounts,
  storageServices,
  storageSkus,
  storageUsages,
  subscriptions,
  tags,
  tenants,
];

export const armOperationHandlers: ReadonlyMap<ArmOperationId, ArmOperationHandler> = new Map(
  files.flatMap((file) => Object.values(file).map((handler) => [handler.id, handler] as const)),
);
