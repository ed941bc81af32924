/** Requests to Resource Manager with each list, text or map that one of its bodies may have at its limit. */
import { armOperations } from "../../../src/wire/arm/operations.ts";
import { filters, HEADER_VALUES, LONG_QUERY, oddBodies, type WideRequest } from "./wide-texts.ts";

const BODY_BYTES = 1024 * 1024 - 64;
/** Characters of what is made long within a body; the rest of the body stands around it. */
const ROOM = BODY_BYTES - 20_000;
const GUID = "5d3b4f58-2c8f-4c9b-9d0e-6a1f2b3c4d5e";

export interface ManagementIds {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly account: string;
}

export function* widestOfManagement(ids: ManagementIds): Generator<WideRequest> {
  const group = `/subscriptions/${ids.subscriptionId}/resourceGroups/${ids.resourceGroup}`;
  for (const [id, { method, path, apiVersions }] of Object.entries(armOperations)) {
    const named: Record<string, string> = {
      subscriptionId: ids.subscriptionId,
      resourceGroupName: method === "GET" ? ids.resourceGroup : "wide",
      accountName: method === "GET" ? ids.account : "wide",
      scope: group.slice(1),
      roleDefinitionId: GUID,
      roleAssignmentName: GUID,
      resourceProviderNamespace: "Microsoft.Batch",
      locationName: "westeurope",
    };
    const filled = (other: string) =>
      path.replaceAll(/\{(\w+)\}/g, (_, name: string) => named[name] ?? other);
    const query = `api-version=${apiVersions.at(-1)}`;
    const request = (what: string, target: string, headers: Record<string, string>, body?: () => string) => ({
      what: `${id}: ${what}`,
      plane: "arm" as const,
      method,
      path: target,
      headers: body === undefined ? headers : { "content-type": "application/json", ...headers },
      ...(body !== undefined && { body }),
    });
    yield request("ids", `${filled("x".repeat(20_000))}?${query}`, {});
    yield request("segments", `${filled("x/".repeat(10_000))}?${query}`, {});
    yield request("parameters", `${filled("wide")}?${query}&${LONG_QUERY}`, {});
    if (method === "GET") {
      for (const [what, text] of filters("name"))
        yield request(`$filter ${what}`, `${filled("wide")}?${query}&$filter=${text}`, {});
    } else if (method === "DELETE") {
      for (const [what, text] of HEADER_VALUES)
        yield request(`if-match ${what}`, `${filled("wide")}?${query}`, { "if-match": text });
    } else {
      for (const [what, body] of bodiesOf(id.split("/")[1] ?? "", group))
        yield request(what, `${filled("wide")}?${query}`, {}, body);
    }
  }
}

function* bodiesOf(operation: string, group: string): Generator<readonly [string, () => string]> {
  yield* oddBodies(BODY_BYTES);
  const [resource = ""] = operation.split("_");
  for (const [path, value] of Object.entries(LONG_OF[resource] ?? {}))
    yield [
      path,
      () => JSON.stringify(withValue(SMALLEST_OF[resource]?.(group) ?? {}, path.split("."), value())),
    ];
}

function withValue(body: object, [name = "", ...rest]: readonly string[], value: unknown): object {
  const inner = (body as Record<string, object | undefined>)[name] ?? {};
  return { ...body, [name]: rest.length === 0 ? value : withValue(inner, rest, value) };
}

const many = <Each>(each: (n: number) => Each, characters = ROOM) => {
  const width = JSON.stringify(each(123_456)).length + 1;
  return Array.from({ length: Math.floor(characters / width) }, (_, n) => each(n));
};
const map = (each: (n: number) => readonly [string, unknown]) => Object.fromEntries(many(each));
const text = () => "a".repeat(ROOM);
const tags = () => map((n) => [`t${n}`, "v"]);
const identities = () =>
  map((n) => [
    `/subscriptions/a/resourceGroups/b/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i${n}`,
    {},
  ]);
const rules = () =>
  many((n) => ({ value: `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`, action: "Allow" }));
const permissions = (name: string, each: (n: number) => string) => () => [{ [name]: many(each) }];

type Longs = Readonly<Record<string, () => unknown>>;

const LONG_OF: Readonly<Record<string, Longs>> = {
  RoleDefinitions: {
    "properties.permissions": permissions("actions", (n) => `a${n}/read`),
    "properties.permissions ": permissions("actions", () => "*/*/*/*/*/*/*/*/*/*/*/*/*/*/*/read"),
    "properties.permissions  ": () => many((n) => ({ actions: [`a${n}/read`] })),
    "properties.assignableScopes": () => many((n) => `/subscriptions/${GUID}/resourceGroups/g${n}`),
    "properties.roleName": text,
    "properties.description": text,
  },
  RoleAssignments: {
    "properties.principalId": text,
    "properties.condition": text,
    "properties.description": text,
  },
  Tags: { "properties.tags": tags },
  ResourceGroups: { tags, location: text, managedBy: text },
  UserAssignedIdentities: { tags, location: text },
  FederatedIdentityCredentials: {
    "properties.audiences": () => many((n) => `a${n}`),
    "properties.issuer": text,
    "properties.subject": text,
  },
  BatchAccount: {
    tags,
    location: text,
    "identity.userAssignedIdentities": identities,
    "properties.allowedAuthenticationModes": () => many(() => "SharedKey"),
    "properties.networkProfile.accountAccess.ipRules": rules,
    "properties.autoStorage.storageAccountId": text,
    "properties.keyVaultReference.url": text,
  },
  Pool: {
    tags,
    "identity.userAssignedIdentities": identities,
    "properties.metadata": () => many((n) => ({ name: `m${n}`, value: "v" })),
    "properties.userAccounts": () => many((n) => ({ name: `u${n}`, password: "p" })),
    "properties.applicationPackages": () => many((n) => ({ id: `/a/${n}` })),
    "properties.certificates": () => many((n) => ({ id: `/a/${n}` })),
    "properties.mountConfiguration": () =>
      many(() => ({ nfsMountConfiguration: { source: "a", relativeMountPath: "b" } })),
    "properties.resourceTags": tags,
    "properties.startTask": () => ({
      commandLine: "a",
      resourceFiles: many((n) => ({ httpUrl: "http://a", filePath: `f${n}` }), ROOM - 1_000),
    }),
    "properties.startTask ": () => ({
      commandLine: "a",
      environmentSettings: many((n) => ({ name: `e${n}`, value: "v" }), ROOM - 1_000),
    }),
    "properties.scaleSettings.autoScale.formula": () => "(".repeat(ROOM),
    "properties.displayName": text,
    "properties.deploymentConfiguration.virtualMachineConfiguration.extensions": () =>
      many((n) => ({ name: `e${n}`, publisher: "p", type: "t" })),
    "properties.deploymentConfiguration.virtualMachineConfiguration.dataDisks": () =>
      many((n) => ({ lun: n, diskSizeGB: 1 })),
    "properties.deploymentConfiguration.virtualMachineConfiguration.containerConfiguration": () => ({
      type: "DockerCompatible",
      containerImageNames: many((n) => `i${n}`, ROOM - 1_000),
    }),
    "properties.networkConfiguration": () => ({
      endpointConfiguration: {
        inboundNatPools: many(
          (n) => ({
            name: `n${n}`,
            protocol: "TCP",
            backendPort: 80,
            frontendPortRangeStart: 1,
            frontendPortRangeEnd: 2,
          }),
          ROOM - 1_000,
        ),
      },
    }),
  },
  Certificate: { "properties.data": text, "properties.password": text, "properties.thumbprint": text },
  Application: { "properties.displayName": text, "properties.defaultVersion": text },
  ApplicationPackage: { format: text },
  StorageAccounts: {
    tags,
    "identity.userAssignedIdentities": identities,
    "properties.networkAcls.ipRules": rules,
    "properties.networkAcls.virtualNetworkRules": () => many((n) => ({ id: `v${n}` })),
    "properties.customDomain.name": text,
    name: text,
  },
  Location: { name: text, type: text },
  ManagementLocks: {
    "properties.notes": text,
    "properties.owners": () => many((n) => ({ applicationId: `a${n}` })),
  },
};

const SMALLEST_OF: Readonly<Record<string, (group: string) => object>> = {
  RoleDefinitions: (group) => ({
    properties: { roleName: "wide", permissions: [{ actions: ["*/read"] }], assignableScopes: [group] },
  }),
  RoleAssignments: (group) => ({
    properties: {
      principalId: GUID,
      roleDefinitionId: `${group}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7`,
    },
  }),
  Tags: () => ({ operation: "Merge", properties: {} }),
  ResourceGroups: () => ({ location: "westeurope" }),
  UserAssignedIdentities: () => ({ location: "westeurope" }),
  FederatedIdentityCredentials: () => ({
    properties: { issuer: "https://a.example", subject: "s", audiences: ["a"] },
  }),
  BatchAccount: () => ({ location: "westeurope", identity: { type: "UserAssigned" }, properties: {} }),
  Pool: () => ({
    identity: { type: "UserAssigned" },
    properties: {
      vmSize: "standard_d2_v3",
      deploymentConfiguration: {
        virtualMachineConfiguration: {
          imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
          nodeAgentSkuId: "batch.node.debian 12",
        },
      },
      scaleSettings: { fixedScale: { targetDedicatedNodes: 0 } },
    },
  }),
  StorageAccounts: () => ({
    location: "westeurope",
    kind: "StorageV2",
    sku: { name: "Standard_LRS" },
    properties: {},
  }),
  ManagementLocks: () => ({ properties: { level: "CanNotDelete" } }),
};
