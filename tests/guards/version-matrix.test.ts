/**
 * Version × operation × property, off the one generated table: each property that some api-version has is taken in the versions that have it, and
 * refused by its name in those that do not. `property-effects.test.ts` holds what is taken to be acted on, kept or refused.
 */
import { describe, expect, test } from "vitest";
import { Fault } from "../../src/core/fault.ts";
import { checkBody } from "../../src/core/model/body-check.ts";
import {
  enumValues,
  isModelName,
  modelProperties,
  type PropertySpec,
} from "../../src/core/model/model-table.ts";
import { batchApiVersions } from "../../src/wire/batch/api-versions.gen.ts";
import { type BatchModelName, batchModels } from "../../src/wire/batch/models.gen.ts";
import type { BatchOperation } from "../../src/wire/batch/operation.ts";
import { batchOperations } from "../../src/wire/batch/operations.gen.ts";

const rows: readonly BatchOperation[] = Object.values(batchOperations);

/** Models that a body of the version can hold. */
function reachable(
  model: BatchModelName,
  version: number,
  found = new Set<BatchModelName>(),
): Set<BatchModelName> {
  if (found.has(model)) return found;
  found.add(model);
  for (const { type, readOnly } of modelProperties(model, version).known) {
    if (!readOnly && isModelName(type)) reachable(type, version, found);
  }
  return found;
}

/** Something of the property's type; whether it makes sense is not asked. */
function sample({ type, isArray, min }: PropertySpec, version: number): unknown {
  const one = (): unknown => {
    if (isModelName(type)) return {};
    const words = enumValues(type, version);
    if (words) return words[0];
    if (type === "boolean") return true;
    if (type === "int32" || type === "int64" || type === "double") return min ?? 1;
    if (type === "date-time") return "2030-01-01T00:00:00Z";
    if (type === "duration") return "PT1H";
    return type === "map" || type === "object" ? {} : "a";
  };
  return isArray ? [one()] : one();
}

/** Whether the version refuses the property for not being there, whatever else it has to say. */
function isUnknown(model: BatchModelName, version: number, name: string, value: unknown): boolean {
  try {
    checkBody(model, version, { [name]: value });
    return false;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const reason = error.values.find(({ key }) => key === "Reason")?.value ?? "";
    return error.code === "UnsupportedProperty" || reason.startsWith(`${model} has no property '${name}'`);
  }
}

describe.each(batchApiVersions.map(({ version }, index) => [version, index] as const))("%s", (_, version) => {
  test("takes each property that it has, and refuses by name each that another version has", () => {
    const served = rows.filter(({ since, until }) => version >= since && version <= until);
    const models = new Set<BatchModelName>();
    for (const { body } of served) if (body) for (const model of reachable(body, version)) models.add(model);
    expect(models.size).toBeGreaterThan(40);
    const wrong = [...models].flatMap((model) => {
      const known = new Map(modelProperties(model, version).known.map((spec) => [spec.name, spec]));
      return Object.keys(batchModels[model]).flatMap((name) => {
        const spec = known.get(name);
        const isTaken = spec !== undefined && !spec.readOnly;
        const refused = isUnknown(model, version, name, spec ? sample(spec, version) : "a");
        return refused === isTaken ? [`${model}.${name} is ${refused ? "refused" : "taken"}`] : [];
      });
    });
    expect(wrong).toEqual([]);
  });
});
