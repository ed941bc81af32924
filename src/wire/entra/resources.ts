/**
 * The resources that tokens are issued for, under each name a client may use. A name goes into the token's audience letter
 * by letter, so that a trailing slash is part of it. Application ids: "Verify first-party Microsoft applications in sign-in
 * reports".
 */

const withAndWithoutSlash = (name: string): readonly string[] => [name, `${name}/`];

export const BATCH_RESOURCE_NAMES: readonly string[] = [
  ...withAndWithoutSlash("https://batch.core.windows.net"),
  "ddbf3205-c6bd-46ae-8127-60eb93363864",
];

export const ARM_RESOURCE_NAMES: readonly string[] = [
  ...withAndWithoutSlash("https://management.core.windows.net"),
  ...withAndWithoutSlash("https://management.azure.com"),
  "797f4846-ba00-4fd7-ba43-dac1f8f63013",
];

export const GRAPH_RESOURCE_NAMES: readonly string[] = [
  ...withAndWithoutSlash("https://graph.microsoft.com"),
  "00000003-0000-0000-c000-000000000000",
  ...withAndWithoutSlash("https://graph.windows.net"),
  "00000002-0000-0000-c000-000000000000",
];

export const STORAGE_RESOURCE_NAMES: readonly string[] = [
  ...withAndWithoutSlash("https://storage.azure.com"),
  "e406a681-f3d4-42a8-90b6-c2b029497af1",
];

const KNOWN: ReadonlySet<string> = new Set([
  ...BATCH_RESOURCE_NAMES,
  ...ARM_RESOURCE_NAMES,
  ...GRAPH_RESOURCE_NAMES,
  ...STORAGE_RESOURCE_NAMES,
]);

/** One account's blob endpoint. */
const BLOB_ENDPOINT = /^https:\/\/[a-z0-9]{3,24}\.blob\.core\.windows\.net\/?$/;

export const isAzureResource = (name: string): boolean => KNOWN.has(name) || BLOB_ENDPOINT.test(name);
