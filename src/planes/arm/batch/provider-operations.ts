/** What can be done with each provider, as roles name it. Sources: "Operations - List", "Provider Operations Metadata - Get". */
import { asciiLowerCase } from "../../../core/access/ascii-lower-case.ts";
import type { ArmOperationId } from "../../../wire/arm/operations.ts";
import { type ProviderOperation, providerOperations } from "../../../wire/arm/provider-operations.ts";
import { armFault } from "../request/arm-fault.ts";
import { operation } from "../request/operation.ts";

/** As the provider writes its own name where it has one to show. */
const SHOWN_AS: Readonly<Record<string, string>> = { "Microsoft.Batch": "Microsoft Batch" };

/** Of Azure Monitor at a Batch account. Named for roles that are brought along; nothing here measures or sends logs. */
const INSIGHTS = [
  ["diagnosticSettings/read", "Diagnostic Settings", "Read diagnostic setting"],
  ["diagnosticSettings/write", "Diagnostic Settings", "Write diagnostic setting"],
  ["logDefinitions/read", "Batch service log definitions", "Read log definitions"],
  ["metricDefinitions/read", "Batch service metric definitions", "Read metric definitions"],
].map(([name, resource, display]) => ({
  name: `Microsoft.Batch/batchAccounts/providers/Microsoft.Insights/${name}`,
  display: { provider: "Microsoft Batch", resource, operation: display, description: `${display}.` },
  origin: "system",
}));

const listOf = (id: ArmOperationId, namespace: string, sinceDataActions: string) =>
  operation(id, async ({ apiVersion }) => {
    const isBatch = namespace === "Microsoft.Batch";
    const value = (providerOperations.get(namespace) ?? []).map(
      ({ name, resource, display, isDataAction }) => ({
        name,
        ...(apiVersion >= sinceDataActions && { isDataAction }),
        display: {
          provider: SHOWN_AS[namespace] ?? namespace,
          resource,
          operation: display,
          description: display,
        },
        ...(isBatch && { origin: "user,system" }),
      }),
    );
    return { json: { value: isBatch ? [...value, ...INSIGHTS] : value } };
  });

export const listBatchOperations = listOf("Microsoft.Batch/Operations_List", "Microsoft.Batch", "2022-10-01");
export const listResourcesOperations = listOf(
  "Microsoft.Resources/Operations_List",
  "Microsoft.Resources",
  "9999",
);

export const listIdentityOperations = listOf(
  "Microsoft.ManagedIdentity/Operations_List",
  "Microsoft.ManagedIdentity",
  "9999",
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
