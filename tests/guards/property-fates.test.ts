/** Every property that a management request for Batch may carry, in any api-version, is on one list of the compatibility page and on no other. */
import { expect, test } from "vitest";
import { batchModels } from "../../src/wire/batch/models.gen.ts";
import { PROPERTY_FATES } from "../../tools/arm/property-fates.ts";
import { PROPERTY_EFFECTS } from "../../tools/batch/property-effects.ts";
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

const models: Readonly<Record<string, Readonly<Record<string, string>>>> = batchModels;
const modelNamed = (type = "") => /^\w+/.exec(type)?.[0] ?? "";

/** Of a property of the data plane, or of all that is below it. */
function dataPlaneFates(model: string, property: string): string[] {
  const { acts, keeps, refuses } = PROPERTY_EFFECTS[model] ?? {};
  const [fate] = Object.entries({ refused: refuses, kept: keeps, actedOn: acts })
    .filter(([, names]) => names?.split(" ").includes(property))
    .map(([name]) => name);
  const below = modelNamed(models[model]?.[property]);
  if (fate === undefined || fate === "refused" || models[below] === undefined) return fate ? [fate] : [];
  return Object.keys(models[below]).flatMap((name) => dataPlaneFates(below, name));
}

/** @returns undefined where the data plane calls it otherwise */
function inDataPlane(path: string): { readonly model: string; readonly property: string } | undefined {
  const names = path.replace(/^properties\.(deploymentConfiguration\.)?/, "").split(".");
  let at: { model: string; property: string } | undefined;
  for (const name of names) {
    const model: string = at === undefined ? "PoolAddParameter" : modelNamed(models[at.model]?.[at.property]);
    const property = Object.keys(models[model] ?? {}).find(
      (known) => known.toLowerCase() === name.toLowerCase(),
    );
    if (property === undefined) return undefined;
    at = { model, property };
  }
  return at;
}

test("what becomes of a pool's property does not depend on the plane that it comes by", () => {
  const fates = PROPERTY_FATES["Microsoft.Batch/batchAccounts/pools"] ?? {};
  const compared = Object.entries(fates).flatMap(([fate, entries]) =>
    (entries as readonly string[]).flatMap((path) => {
      const same = inDataPlane(path);
      if (same === undefined) return [];
      return { path, fate, others: [...new Set(dataPlaneFates(same.model, same.property))] };
    }),
  );
  expect(compared.length).toBeGreaterThan(80);
  expect(compared.filter(({ fate, others }) => others.join() !== fate)).toEqual([]);
});
