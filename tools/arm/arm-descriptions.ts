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
  /**
   * Api-versions that clients send and that are not described, with the described one they are answered as: the next older one
   * of the same file, or its oldest. Seen in released client packages.
   */
  readonly answeredAs?: Readonly<Record<string, string>>;
}

const RESOURCES = "specification/resources/resource-manager/Microsoft.Resources";

const PROVIDERS: readonly ArmProvider[] = [
  {
    name: "Microsoft.Batch",
    folder: "specification/batch/resource-manager/Microsoft.Batch",
    files: /\/(BatchManagement|NetworkSecurityPerimeter)\.json$/,
    answeredAs: {
      "2017-09-01": "2021-01-01",
      "2020-03-01": "2021-01-01",
      "2020-05-01": "2021-01-01",
      "2020-09-01": "2021-01-01",
      "2021-06-01": "2021-01-01",
      "2022-01-01": "2021-01-01",
      "2022-06-01": "2021-01-01",
      "2023-05-01": "2022-10-01",
      "2024-02-01": "2023-11-01",
      "2025-06-01": "2024-07-01",
    },
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
    answeredAs: { "2018-07-01-preview": "2022-04-01" },
  },
  {
    name: "Microsoft.ManagedIdentity",
    folder: "specification/msi/resource-manager/Microsoft.ManagedIdentity",
    files: /\/ManagedIdentity\.json$/,
    answeredAs: { "2021-09-30-preview": "2018-11-30", "2024-11-30": "2023-01-31" },
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
    answeredAs: { "2021-10-01": "2021-01-01" },
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
    answeredAs: { "2025-03-01": "2024-07-01", "2025-04-01": "2024-07-01" },
  },
];

export function readArmOperations(folder: string): ArmOperationSource[] {
  return PROVIDERS.flatMap((provider) => {
    const described = descriptionFiles(folder, provider).flatMap((file) => fromFile(folder, provider, file));
    const derived = Object.entries(provider.answeredAs ?? {}).flatMap(([apiVersion, older]) =>
      described
        .filter((operation) => operation.apiVersion === older)
        .map((operation) => ({ ...operation, apiVersion })),
    );
    return [...described, ...derived];
  });
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
