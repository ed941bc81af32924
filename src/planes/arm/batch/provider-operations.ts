/** What can be done with each provider, as roles name it. Sources: "Operations - List", "Provider Operations Metadata - Get". */
import { asciiLowerCase } from "../../../core/access/ascii-lower-case.ts";
import {
  BATCH_PROVIDER_OPERATIONS,
  type BatchProviderOperation,
} from "../../../wire/arm/batch-provider-operations.ts";
import type { ArmOperationId } from "../../../wire/arm/operations.ts";
import { type ProviderOperation, providerOperations } from "../../../wire/arm/provider-operations.ts";
import { armFault } from "../request/arm-fault.ts";
import { operation } from "../request/operation.ts";

/** Described by this version first, of a type that is older. */
const LATER_THAN_ITS_TYPE: Readonly<Record<string, string>> = {
  "batchAccounts/privateEndpointConnections/delete": "2022-10-01",
};

const RECORDED = new Map(BATCH_PROVIDER_OPERATIONS.map((known) => [asciiLowerCase(known.name), known]));

/** The recorded list, then what the asked version has beside it. */
export const listBatchOperations = operation("Microsoft.Batch/Operations_List", async ({ apiVersion }) => {
  const later = (providerOperations.get("Microsoft.Batch") ?? []).flatMap(
    ({ name, resource, display, isDataAction, since }): BatchProviderOperation[] => {
      const below = name.slice(name.indexOf("/") + 1);
      if ((LATER_THAN_ITS_TYPE[below] ?? since) > apiVersion || RECORDED.has(asciiLowerCase(below)))
        return [];
      return [{ name: below, resource, operation: display, ...(isDataAction && { isDataAction }) }];
    },
  );
  const value = [...BATCH_PROVIDER_OPERATIONS, ...later].map(
    ({ name, resource, operation: display, origin, isDataAction = false }) => ({
      name: `Microsoft.Batch/${name}`,
      display: { provider: "Microsoft Batch", resource, operation: display, description: display },
      isDataAction,
      ...(origin && { origin }),
    }),
  );
  return { json: { value } };
});

const listOf = (id: ArmOperationId, namespace: string) =>
  operation(id, async () => {
    const value = (providerOperations.get(namespace) ?? []).map(({ name, resource, display }) => ({
      name,
      display: { provider: namespace, resource, operation: display, description: display },
    }));
    return { json: { value } };
  });

export const listResourcesOperations = listOf("Microsoft.Resources/Operations_List", "Microsoft.Resources");

export const listStorageOperations = listOf("Microsoft.Storage/Operations_List", "Microsoft.Storage");

export const listIdentityOperations = listOf(
  "Microsoft.ManagedIdentity/Operations_List",
  "Microsoft.ManagedIdentity",
);

export const listProviderOperations = operation(
  "Microsoft.Authorization/ProviderOperationsMetadata_List",
  async () => ({
    json: { value: [...providerOperations].map(([namespace, all]) => metadata(namespace, all)) },
  }),
);

export const getProviderOperations = operation(
  "Microsoft.Authorization/ProviderOperationsMetadata_Get",
  async ({ path }) => {
    const wanted = asciiLowerCase(path.resourceProviderNamespace ?? "");
    const found = [...providerOperations].find(([namespace]) => asciiLowerCase(namespace) === wanted);
    if (!found) {
      throw armFault(
        "InvalidResourceNamespace",
        `The namespace '${path.resourceProviderNamespace}' is not known here.`,
      );
    }
    return { json: metadata(...found) };
  },
);

function metadata(namespace: string, operations: readonly ProviderOperation[]): object {
  const types = Map.groupBy(operations, ({ resourceType }) => resourceType);
  return {
    id: `/providers/Microsoft.Authorization/providerOperations/${namespace}`,
    name: namespace,
    type: "Microsoft.Authorization/providerOperations",
    displayName: namespace,
    resourceTypes: [...types]
      .filter(([type]) => type !== "")
      .map(([type, ofType]) => ({ name: type, displayName: type, operations: ofType.map(operationView) })),
    operations: (types.get("") ?? []).map(operationView),
  };
}

function operationView({ name, display, isDataAction }: ProviderOperation): object {
  return { name, displayName: display, description: display, origin: "user,system", isDataAction };
}
