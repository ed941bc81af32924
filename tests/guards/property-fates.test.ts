/** Every property that a management request for Batch may carry, in any api-version, is on one list of the compatibility page and on no other. */
import { expect, test } from "vitest";
import { PROPERTY_FATES } from "../../tools/arm/property-fates.ts";
import { BatchTypes, isReadOnly, modelOf } from "./types-walk.fixture.ts";

const folder = process.env.BATCHYARD_SPECS ?? "";
if (folder === "") console.warn("SKIPPED: fates of properties; BATCHYARD_SPECS names no folder");
const types = folder === "" ? undefined : new BatchTypes(folder);

function paths(model: string, version: string, prefix = "", above: readonly string[] = []): string[] {
  return Object.entries(types?.model(model, version) ?? {}).flatMap(([name, property]) => {
    const below = modelOf(property) ?? "";
    if (isReadOnly(property)) return [];
    if (above.includes(below) || types?.model(below, version) === undefined) return [prefix + name];
    const inner = paths(below, version, `${prefix}${name}.`, [...above, below]);
    // A map of tags has no properties of its own.
    return inner.length === 0 ? [prefix + name] : inner;
  });
}

const stands = (entries: readonly string[], path: string): boolean =>
  entries.some((entry) => path === entry || path.startsWith(`${entry}.`));

const resources = Object.keys(PROPERTY_FATES);

test.skipIf(folder === "").each(resources)(
  "%s: each property has one fate, and each entry is one of its properties",
  (resource) => {
    const { actedOn, kept, refused } = PROPERTY_FATES[resource] ?? { actedOn: [], kept: [], refused: [] };
    const all = new Set(types?.versionsOf(resource).flatMap((version) => paths(resource, version)));
    const wrong = [...all].filter(
      (path) => [actedOn, kept, refused].filter((list) => stands(list, path)).length !== 1,
    );
    expect(wrong).toEqual([]);
    const stale = [...actedOn, ...kept, ...refused].filter(
      (entry) => ![...all].some((path) => stands([entry], path)),
    );
    expect(stale).toEqual([]);
  },
);
