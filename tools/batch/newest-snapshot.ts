/** Applies `later-versions.ts` to what the descriptions say. */
import type { SwaggerSchema } from "../swagger.ts";
import {
  ENUMS_ADDED,
  MODELS_ADDED,
  PROPERTIES_GONE,
  PROPERTIES_WITHDRAWN,
  VALUES_GONE,
} from "./later-versions.ts";
import type { Snapshot } from "./model-timeline.ts";
import { enumValueFact, propertyFact, requiredFact } from "./schema-changes.ts";

/** Without what its version lost after its description. */
export function withdrawn(base: Snapshot): Snapshot {
  return without(base, PROPERTIES_WITHDRAWN);
}

/** The newest version's, from that of the one before. */
export function newestSnapshot(base: Snapshot): Snapshot {
  const { facts: kept, models: before, enums: enumsBefore } = without(base, PROPERTIES_GONE);
  const facts = new Set(kept);
  const models = new Map<string, ReadonlyMap<string, SwaggerSchema>>(before);
  const enums = new Map(enumsBefore);
  for (const { name, value } of VALUES_GONE) {
    facts.delete(enumValueFact(name, value));
    const known = enums.get(name);
    if (!known) throw new Error(`no enum ${name}`);
    enums.set(name, { ...known, values: known.values.filter((other) => other !== value) });
  }
  for (const [name, { properties, required }] of Object.entries(MODELS_ADDED)) {
    models.set(name, new Map([...(models.get(name) ?? []), ...Object.entries(properties)]));
    for (const property of Object.keys(properties)) facts.add(propertyFact(name, property));
    for (const property of required) facts.add(requiredFact(name, property));
  }
  for (const [name, values] of Object.entries(ENUMS_ADDED)) {
    enums.set(name, { values, owners: new Set() });
    for (const value of values) facts.add(enumValueFact(name, value));
  }
  return { facts, models, enums };
}

function without(base: Snapshot, dotted: readonly string[]): Snapshot {
  const facts = new Set(base.facts);
  const models = new Map(base.models);
  for (const name of dotted) {
    const [model = "", property = ""] = name.split(".");
    const properties = new Map(models.get(model));
    if (!properties.delete(property)) throw new Error(`no description knows ${name}`);
    models.set(model, properties);
    facts.delete(propertyFact(model, property));
    facts.delete(requiredFact(model, property));
  }
  return { ...base, facts, models };
}
