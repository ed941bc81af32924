/** Which management descriptions are read, and which operations of them this service has. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../specs-folder.ts";
import { operationsOf, type Swagger } from "../swagger.ts";

export interface ArmOperationSource {
  readonly provider: string;
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly apiVersion: string;
  readonly success: readonly number[];
}

interface ArmProvider {
  readonly name: string;
  readonly folder: string;
  readonly files: RegExp;
  /** All when absent. */
  readonly operations?: ReadonlySet<string>;
}

const RESOURCES = "specification/resources/resource-manager/Microsoft.Resources";

const PROVIDERS: readonly ArmProvider[] = [
  {
    name: "Microsoft.Batch",
    folder: "specification/batch/resource-manager/Microsoft.Batch",
    files: /\/(BatchManagement|NetworkSecurityPerimeter)\.json$/,
  },
  {
    name: "Microsoft.Authorization",
    folder: "specification/authorization/resource-manager/Microsoft.Authorization",
    files: /(RoleAssignments|RoleDefinitions|ProviderOperations)Calls\.json$/,
  },
  {
    name: "Microsoft.Authorization",
    folder: "specification/authorization/resource-manager/Microsoft.Authorization",
    files: /DenyAssignmentCalls\.json$/,
  },
  {
    name: "Microsoft.ManagedIdentity",
    folder: "specification/msi/resource-manager/Microsoft.ManagedIdentity",
    files: /\/ManagedIdentity\.json$/,
  },
  {
    name: "Microsoft.Resources",
    folder: RESOURCES,
    files: /\/subscriptions\.json$/,
    operations: new Set([
      "Tenants_List",
      "Subscriptions_List",
      "Subscriptions_Get",
      "Subscriptions_ListLocations",
    ]),
  },
  {
    name: "Microsoft.Resources",
    folder: RESOURCES,
    files: /\/resources\.json$/,
    operations: new Set([
      "Operations_List",
      "Providers_Get",
      "Providers_GetAtTenantScope",
      "Providers_List",
      "Providers_ListAtTenantScope",
      "Providers_Register",
      "Providers_Unregister",
      "ResourceGroups_CheckExistence",
      "ResourceGroups_CreateOrUpdate",
      "ResourceGroups_Delete",
      "ResourceGroups_Get",
      "ResourceGroups_List",
      "ResourceGroups_Update",
      "Resources_List",
      "Resources_ListByResourceGroup",
      "Tags_CreateOrUpdateAtScope",
      "Tags_DeleteAtScope",
      "Tags_GetAtScope",
      "Tags_UpdateAtScope",
    ]),
  },
];

export function readArmOperations(folder: string): ArmOperationSource[] {
  return PROVIDERS.flatMap((provider) =>
    descriptionFiles(folder, provider).flatMap((file) => fromFile(folder, provider, file)),
  );
}

function descriptionFiles(folder: string, provider: ArmProvider): string[] {
  return ["preview", "stable"].flatMap((stage) => {
    const root = join(folder, provider.folder, stage);
    if (!existsSync(root)) return [];
    return readdirSync(root, { recursive: true, encoding: "utf8" })
      .map((file) => `${provider.folder}/${stage}/${file}`)
      .filter((file) => provider.files.test(file));
  });
}

function fromFile(folder: string, provider: ArmProvider, file: string): ArmOperationSource[] {
  const swagger = readJson<Swagger>(folder, file);
  return operationsOf(swagger)
    .filter(({ operation }) => provider.operations?.has(operation.operationId) ?? true)
    .map(({ method, path, operation }) => ({
      provider: provider.name,
      operationId: operation.operationId,
      method,
      path,
      apiVersion: swagger.info.version,
      success: Object.keys(operation.responses)
        .filter((status) => /^2/.test(status))
        .map(Number),
    }));
}
