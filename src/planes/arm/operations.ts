/** Every operation that is built. The others of the table answer a declared 501, after authorization. */
import type { ArmOperationId } from "../../wire/arm/operations.gen.ts";
import * as batchAccounts from "./batch-accounts.ts";
import * as federatedCredentials from "./federated-credentials.ts";
import * as identities from "./identities.ts";
import type { ArmOperationHandler } from "./operation.ts";
import * as providers from "./providers.ts";
import * as resourceGroups from "./resource-groups.ts";
import * as roleAssignments from "./role-assignments.ts";
import * as roleDefinitions from "./role-definitions.ts";
import * as subscriptions from "./subscriptions.ts";
import * as tenants from "./tenants.ts";

const resources: readonly Record<string, ArmOperationHandler>[] = [
  batchAccounts,
  federatedCredentials,
  identities,
  providers,
  resourceGroups,
  roleAssignments,
  roleDefinitions,
  subscriptions,
  tenants,
];

export const armOperationHandlers: ReadonlyMap<ArmOperationId, ArmOperationHandler> = new Map(
  resources.flatMap((resource) => Object.values(resource).map((handler) => [handler.id, handler] as const)),
);
