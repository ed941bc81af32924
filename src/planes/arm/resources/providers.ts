/** Resource providers. Of this service's, a subscription uses all but those that it has unregistered. */
import { locationList } from "../../../app/management/location-list.ts";
import {
  ALWAYS_REGISTERED,
  isProviderRegistered,
  providerRegister,
  providerUnregister,
} from "../../../app/management/provider-registration.ts";
import { subscriptionScope } from "../../../app/subscriptions/subscription-read.ts";
import { asciiLowerCase } from "../../../core/access/ascii-lower-case.ts";
import { type ArmOperationId, armOperations } from "../../../wire/arm/operations.ts";
import { armFault } from "../request/arm-fault.ts";
import type { ArmContext } from "../request/context.ts";
import { operation } from "../request/operation.ts";

export const listProviders = operation("Microsoft.Resources/Providers_List", async (context) => {
  const view = providerView(context);
  return { json: { value: await Promise.all([...PROVIDERS.keys()].map(view)) } };
});

/** The same for everyone, so without a subscription's locations. */
export const listProvidersOfTenant = operation(
  "Microsoft.Resources/Providers_ListAtTenantScope",
  async () => ({
    json: { value: [...PROVIDERS.keys()].map((namespace) => view(namespace, `/providers/${namespace}`, [])) },
  }),
);

export const getProviderOfTenant = operation(
  "Microsoft.Resources/Providers_GetAtTenantScope",
  async (context) => {
    const namespace = knownNamespace(context);
    return { json: view(namespace, `/providers/${namespace}`, []) };
  },
);

export const registerProvider = operation("Microsoft.Resources/Providers_Register", async (context) => {
  const namespace = knownNamespace(context);
  await providerRegister(context.plane, context.parent.subscription, namespace);
  return { json: await providerView(context)(namespace) };
});

export const unregisterProvider = operation("Microsoft.Resources/Providers_Unregister", async (context) => {
  const namespace = knownNamespace(context);
  await providerUnregister(context.plane, context.parent.subscription, namespace);
  return { json: await providerView(context)(namespace) };
});

export const getProvider = operation("Microsoft.Resources/Providers_Get", async (context) => {
  const namespace = knownNamespace(context);
  const view = providerView(context);
  return { json: await view(namespace) };
});

export const listResourceTypes = operation(
  "Microsoft.Resources/ProviderResourceTypes_List",
  async (context) => {
    const { resourceTypes } = await providerView(context)(knownNamespace(context));
    return { json: { value: resourceTypes } };
  },
);

/** Types that stand in paths without their provider. */
const OF_RESOURCE_MANAGER: readonly (readonly [string, ArmOperationId])[] = [
  ["tenants", "Microsoft.Resources/Tenants_List"],
  ["subscriptions", "Microsoft.Resources/Subscriptions_Get"],
  ["subscriptions/locations", "Microsoft.Resources/Subscriptions_ListLocations"],
  ["subscriptions/providers", "Microsoft.Resources/Providers_Get"],
  ["subscriptions/resources", "Microsoft.Resources/Resources_List"],
  ["subscriptions/tagNames", "Microsoft.Resources/Tags_List"],
  ["subscriptions/resourceGroups", "Microsoft.Resources/ResourceGroups_Get"],
  ["resourceGroups", "Microsoft.Resources/ResourceGroups_Get"],
  ["resources", "Microsoft.Resources/Resources_List"],
  ["providers", "Microsoft.Resources/Providers_Get"],
];

/** By namespace the resource types, and by those the api-versions. */
const PROVIDERS = providersOfTable();

/** @throws Fault InvalidResourceNamespace */
function knownNamespace({ path }: ArmContext): string {
  const name = path.resourceProviderNamespace ?? "";
  const namespace = [...PROVIDERS.keys()].find((known) => asciiLowerCase(known) === asciiLowerCase(name));
  if (namespace !== undefined) return namespace;
  throw armFault("InvalidResourceNamespace", `The namespace '${name}' is not known here.`);
}

function providerView({ plane, parent: { subscription } }: ArmContext) {
  const locations = locationList(plane).map(({ displayName }) => displayName);
  return async (namespace: string) => {
    const id = `${subscriptionScope(subscription)}/providers/${namespace}`;
    return view(namespace, id, locations, await isProviderRegistered(plane, subscription, namespace));
  };
}

function view(namespace: string, id: string, locations: readonly string[], isRegistered = true) {
  return {
    id,
    namespace,
    registrationPolicy: ALWAYS_REGISTERED.has(namespace) ? "RegistrationFree" : "RegistrationRequired",
    registrationState: isRegistered ? "Registered" : "Unregistered",
    resourceTypes: [...(PROVIDERS.get(namespace) ?? [])].map(([resourceType, apiVersions]) => ({
      resourceType,
      locations,
      apiVersions,
      capabilities: "None",
    })),
  };
}

/** What can be read below `/providers/<namespace>/` is a type: names take turns with the parts of the type. */
function providersOfTable(): Map<string, Map<string, readonly string[]>> {
  const providers = new Map<string, Map<string, readonly string[]>>();
  for (const { method, path, apiVersions } of Object.values(armOperations)) {
    const below = path.slice(path.lastIndexOf("/providers/Microsoft."));
    const [, namespace, rest] = /^\/providers\/(Microsoft\.\w+)\/(.*)$/.exec(below) ?? [];
    if (method !== "GET" || namespace === undefined || rest === undefined) continue;
    const type = rest.split("/").filter((_, index) => index % 2 === 0);
    const types = providers.get(namespace) ?? new Map<string, readonly string[]>();
    providers.set(namespace, types);
    types.set(type.join("/"), apiVersions.toReversed());
  }
  const own = providers.get("Microsoft.Resources");
  for (const [type, id] of OF_RESOURCE_MANAGER) own?.set(type, [...armOperations[id].apiVersions].reverse());
  return providers;
}
