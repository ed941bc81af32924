/**
 * Whatever a resource of `Microsoft.Batch` had in some api-version of the published types and has no more in the newest stands in the list of
 * successors, with the last version that had it; and nothing else does.
 */
import { expect, test } from "vitest";
import { ARM_PROPERTY_SUCCESSORS, NEXT_MANAGEMENT_VERSION } from "../../src/wire/arm/successors.ts";
import { BatchTypes, modelOf } from "./types-walk.fixture.ts";

const folder = process.env.BATCHYARD_SPECS ?? "";
if (folder === "") console.warn("SKIPPED: what management gave up; BATCHYARD_SPECS names no folder");
const NEWEST = "2025-06-01";
const ACCOUNTS = "Microsoft.Batch/batchAccounts";
const RESOURCES = {
  Application: `${ACCOUNTS}/applications`,
  ApplicationPackage: `${ACCOUNTS}/applications/versions`,
  BatchAccount: ACCOUNTS,
  Pool: `${ACCOUNTS}/pools`,
  PrivateEndpointConnection: `${ACCOUNTS}/privateEndpointConnections`,
};

function pathsOf(types: BatchTypes, model: string, version: string, at: string, within: string[]): string[] {
  if (within.includes(model)) return [];
  const properties = types.model(model, version) ?? {};
  return Object.entries(properties).flatMap(([name, property]) => {
    const here = `${at}${name}`;
    const below = modelOf(property);
    const inner = `${here}${property.items ? "[]" : ""}.`;
    return [here, ...(below ? pathsOf(types, below, version, inner, [...within, model]) : [])];
  });
}

test.skipIf(folder === "").each(Object.entries(RESOURCES))("what a %s no longer has", (of, resource) => {
  const types = new BatchTypes(folder);
  const lasts = new Map<string, string>();
  for (const version of [...types.versionsOf(resource)].sort()) {
    for (const path of pathsOf(types, resource, version, "", [])) lasts.set(path, version);
  }
  const gone = [...lasts].filter(([, last]) => last < NEWEST);
  const isWithin = ([path, last]: [string, string]) =>
    gone.some(
      ([outer, end]) => end === last && (path.startsWith(`${outer}.`) || path.startsWith(`${outer}[]`)),
    );
  const wanted = gone.filter((one) => !isWithin(one)).map((one) => one.join(" "));
  const listed = ARM_PROPERTY_SUCCESSORS.filter((one) => one.of === of && one.last < NEWEST);
  expect(listed.map(({ path, last }) => `${path} ${last}`).sort()).toEqual(wanted.sort());
});

test("what comes after the newest known version is named as it", () => {
  expect(NEXT_MANAGEMENT_VERSION > NEWEST).toBe(true);
  const later = ARM_PROPERTY_SUCCESSORS.filter(({ last }) => last >= NEWEST);
  expect(later.map(({ of, path, last }) => [of, path.split(".").at(-1), last])).toEqual([
    ["Pool", "nodeDeallocationOption", NEWEST],
    ["BatchAccount", "allowedAuthenticationModes[]", NEWEST],
    ["ApplicationPackage", "storageUrl", NEWEST],
    ["ApplicationPackage", "storageUrlExpiry", NEWEST],
  ]);
});
