/**
 * The resources that tokens are issued for, under each name a client may use. A name goes into the token's audience letter
 * by letter, so that a trailing slash is part of it. Application ids: "Verify first-party Microsoft applications in sign-in
 * reports".
 */
import {
  ARM_APP_ID,
  BATCH_APP_ID,
  GRAPH_APP_ID,
  STORAGE_APP_ID,
  TOKEN_EXCHANGE_APP_ID,
} from "./first-party.ts";

const withAndWithoutSlash = (name: string): readonly string[] => [name, `${name}/`];

export const BATCH_RESOURCE_NAMES: readonly string[] = [
  ...withAndWithoutSlash("https://batch.core.windows.net"),
  BATCH_APP_ID,
];

export const ARM_RESOURCE_NAMES: readonly string[] = [
  ...withAndWithoutSlash("https://management.core.windows.net"),
  ...withAndWithoutSlash("https://management.azure.com"),
  ARM_APP_ID,
];

export const GRAPH_RESOURCE_NAMES: readonly string[] = [
  ...withAndWithoutSlash("https://graph.microsoft.com"),
  GRAPH_APP_ID,
  ...withAndWithoutSlash("https://graph.windows.net"),
  "00000002-0000-0000-c000-000000000000",
];

export const STORAGE_RESOURCE_NAMES: readonly string[] = [
  ...withAndWithoutSlash("https://storage.azure.com"),
  STORAGE_APP_ID,
];

/** One for each of Azure's clouds. */
export const TOKEN_EXCHANGE_NAMES: readonly string[] = [
  "api://AzureADTokenExchange",
  "api://AzureADTokenExchangeUSGov",
  "api://AzureADTokenExchangeChina",
  TOKEN_EXCHANGE_APP_ID,
];

const NAMES_BY_APP_ID: ReadonlyMap<string, readonly string[]> = new Map([
  [BATCH_APP_ID, BATCH_RESOURCE_NAMES],
  [ARM_APP_ID, ARM_RESOURCE_NAMES],
  [GRAPH_APP_ID, GRAPH_RESOURCE_NAMES],
  [STORAGE_APP_ID, STORAGE_RESOURCE_NAMES],
  [TOKEN_EXCHANGE_APP_ID, TOKEN_EXCHANGE_NAMES],
]);

const APP_ID_BY_NAME: ReadonlyMap<string, string> = new Map(
  [...NAMES_BY_APP_ID].flatMap(([appId, names]) => names.map((name) => [name, appId] as const)),
);

/** Every name of the resource that one of Azure's own applications serves; none for another application. */
export const azureResourceNames = (appId: string): readonly string[] => NAMES_BY_APP_ID.get(appId) ?? [];

/** One account's blob endpoint. */
const BLOB_ENDPOINT = /^https:\/\/[a-z0-9]{3,24}\.blob\.core\.windows\.net\/?$/;

/** The application that serves a resource of Azure's own. */
export function azureResourceAppId(name: string): string | undefined {
  return APP_ID_BY_NAME.get(name) ?? (BLOB_ENDPOINT.test(name) ? STORAGE_APP_ID : undefined);
}
