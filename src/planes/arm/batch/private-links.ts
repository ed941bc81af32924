/**
 * Private links and network security perimeters of a Batch account. An account here can be reached by its own addresses alone: it tells
 * what could be linked, as Azure does, and has no link. Source: "Private Link Resource - List By Batch Account".
 */
import { accountScope } from "../../../app/accounts/account-handle.ts";
import type { ArmOperationId } from "../../../wire/arm/operations.ts";
import { armFault } from "../request/arm-fault.ts";
import type { ArmContext } from "../request/context.ts";
import { operation } from "../request/operation.ts";
import { namedAccount } from "./named-account.ts";

export const listPrivateLinks = operation(
  "Microsoft.Batch/PrivateLinkResource_ListByBatchAccount",
  async (context) => ({ json: { value: await linksOf(context) } }),
);

export const getPrivateLink = operation("Microsoft.Batch/PrivateLinkResource_Get", async (context) => {
  const name = context.path.privateLinkResourceName ?? "";
  const link = (await linksOf(context)).find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (!link) throw missing("private link resource", name);
  return { json: link };
});

const noneOfAccount = (id: ArmOperationId) =>
  operation(id, async (context) => {
    await namedAccount(context);
    return { json: { value: [] } };
  });

const missingOfAccount = (id: ArmOperationId, what: string, parameter: string) =>
  operation(id, async (context) => {
    await namedAccount(context);
    throw missing(what, context.path[parameter] ?? "");
  });

export const listConnections = noneOfAccount("Microsoft.Batch/PrivateEndpointConnection_ListByBatchAccount");
export const listPerimeters = noneOfAccount("Microsoft.Batch/NetworkSecurityPerimeter_ListConfigurations");

const CONNECTION = ["private endpoint connection", "privateEndpointConnectionName"] as const;
const PERIMETER = [
  "network security perimeter configuration",
  "networkSecurityPerimeterConfigurationName",
] as const;

export const getConnection = missingOfAccount("Microsoft.Batch/PrivateEndpointConnection_Get", ...CONNECTION);
export const updateConnection = missingOfAccount(
  "Microsoft.Batch/PrivateEndpointConnection_Update",
  ...CONNECTION,
);
export const deleteConnection = operation(
  "Microsoft.Batch/PrivateEndpointConnection_Delete",
  async (context) => {
    await namedAccount(context);
    return { status: 204 };
  },
);
export const getPerimeter = missingOfAccount(
  "Microsoft.Batch/NetworkSecurityPerimeter_GetConfiguration",
  ...PERIMETER,
);
export const reconcilePerimeter = missingOfAccount(
  "Microsoft.Batch/NetworkSecurityPerimeter_ReconcileConfiguration",
  ...PERIMETER,
);

const LINKS = [
  ["batchAccount", "privatelink.batch.azure.com"],
  ["nodeManagement", "privatelink.batch.azure.com"],
] as const;

async function linksOf(context: ArmContext) {
  const { handle } = await namedAccount(context);
  return LINKS.map(([name, zone]) => ({
    id: `${accountScope(handle)}/privateLinkResources/${name}`,
    name,
    type: "Microsoft.Batch/batchAccounts/privateLinkResources",
    properties: { groupId: name, requiredMembers: [name], requiredZoneNames: [zone] },
  }));
}

const missing = (what: string, name: string) =>
  armFault("ResourceNotFound", `The account has no ${what} '${name.slice(0, 100)}'.`);
