/**
 * The types walked: for each api-version of pools, every property that its types have is known here under its name, with its words, and nothing is
 * known that they do not have. Accounts and what is sent are walked over HTTP, in `tests/wire/arm/account-types.test.ts`.
 */
import { expect, test } from "vitest";
import { managementProperties, modelVersion } from "../../src/core/management/data-plane-model.ts";
import { enumValues, isModelName, modelProperties } from "../../src/core/model/model-table.ts";
import {
  LATER_PROPERTIES,
  POOL_PROPERTY_GROUPS,
  POOL_PROPERTY_PATHS,
} from "../../src/wire/arm/pool-model.ts";
import type { BatchModelName } from "../../src/wire/batch/models.gen.ts";
import { BatchTypes, isReadOnly, modelOf, type TypeModel, type TypeProperty } from "./types-walk.fixture.ts";

const folder = process.env.BATCHYARD_SPECS ?? "";
if (folder === "") console.warn("SKIPPED: types of management; BATCHYARD_SPECS names no folder");
const types = folder === "" ? undefined : new BatchTypes(folder);
const versions = types?.versionsOf("Microsoft.Batch/batchAccounts/pools") ?? [];

/** What differs, and why. By a pattern of what is reported, `version: what`. */
const REASONS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [
    /certificates\.(id|thumbprint|thumbprintAlgorithm)/,
    "a reference is an id here, made from the thumbprint: pool-references.ts",
  ],
  [/^2017-09-01: .*\.osDisk is left out/, "2018-08-01.7.0, as which it is answered, is described without it"],
  [
    /^2024-07-01: applicationLicenses is left out/,
    "the data plane dropped it first: LAST_WITH_LICENSES in pool-request.ts",
  ],
  [
    /^2025-06-01: .*\.diskEncryptionSet is left out/,
    "refused by name: MANAGEMENT_ONLY in data-plane-model.ts",
  ],
];

function walk(
  model: BatchModelName,
  theirs: TypeModel,
  version: string,
  at: string,
  seen = new Set<string>(),
): string[] {
  const index = modelVersion(version);
  if (seen.has(model)) return [];
  seen.add(model);
  const specs = modelProperties(model, index.index).known.filter(
    ({ name }) => version >= (LATER_PROPERTIES[`${model}.${name}`] ?? ""),
  );
  const names = managementProperties(model, index);
  const ours = new Map(names.map((name, position) => [name, specs[position]]));
  const inner = Object.entries(theirs).flatMap(([name, property]) => {
    const spec = ours.get(name);
    const here = `${at}.${name}`;
    if (spec === undefined) return [`${here} is left out`];
    const below = types?.model(modelOf(property) ?? "", version);
    return [
      ...wordsOf(property, enumValues(spec.type, index.index), here),
      ...(below && isModelName(spec.type) ? walk(spec.type, below, version, here, seen) : []),
    ];
  });
  return [
    ...inner,
    ...names.filter((name) => !Object.hasOwn(theirs, name)).map((name) => `${at}.${name} is not described`),
  ];
}

function wordsOf(property: TypeProperty, ours: readonly string[] | undefined, at: string): string[] {
  const described = property.enum ?? property.items?.enum;
  if (!Array.isArray(described) || ours === undefined) return [];
  const lower = (words: readonly string[]) => words.map((word) => word.toLowerCase()).sort();
  return lower(described).join() === lower(ours).join() ? [] : [`${at} has other words: ${ours.join(" ")}`];
}

function topOf(version: string): string[] {
  const index = modelVersion(version);
  const ours = new Map(
    modelProperties("PoolAddParameter", index.index).known.map((spec) => [spec.name, spec]),
  );
  const names = new Map(Object.entries(POOL_PROPERTY_PATHS).map(([name, path]) => [path, name]));
  const seen = new Set<string>();
  const found = new Set<string>();
  const read = (model: TypeModel, prefix: string): string[] =>
    Object.entries(model).flatMap(([name, property]) => {
      const path = prefix + name;
      found.add(path);
      const below = types?.model(modelOf(property) ?? "", version);
      if (isReadOnly(property) || path.endsWith(".nodeDeallocationOption")) return [];
      if (POOL_PROPERTY_GROUPS.has(path)) return below ? read(below, `${path}.`) : [];
      const spec = ours.get(names.get(path) ?? "");
      if (spec === undefined) return [`${path} is left out`];
      return below && isModelName(spec.type) ? walk(spec.type, below, version, path, seen) : [];
    });
  const problems = read(types?.model("PoolProperties", version) ?? {}, "");
  const unknown = Object.entries(POOL_PROPERTY_PATHS).filter(
    ([name, path]) => ours.has(name) && !found.has(path),
  );
  return [...problems, ...unknown.map(([, path]) => `${path} is not described`)];
}

test.skipIf(folder === "").each(versions)("pools of %s are those of its types", (version) => {
  const problems = topOf(version).map((problem) => `${version}: ${problem}`);
  expect(problems.filter((problem) => !REASONS.some(([pattern]) => pattern.test(problem)))).toEqual([]);
});

test.skipIf(folder === "")("each reason is still one", () => {
  const all = versions.flatMap((version) => topOf(version).map((problem) => `${version}: ${problem}`));
  for (const [pattern, reason] of REASONS)
    expect(
      all.some((problem) => pattern.test(problem)),
      reason,
    ).toBe(true);
  expect(versions).toHaveLength(17);
});
