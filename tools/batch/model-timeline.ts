/**
 * Merges all descriptions into one table of models in which every property, requirement and enum value says in which
 * api-versions it exists. A version without a description lies between two that have one: where these agree it agrees with
 * them, where they differ the page of changes says when.
 */
import { referredName, type Swagger, type SwaggerSchema } from "../swagger.ts";
import type { Descriptions } from "./descriptions.ts";
import { EARLY_PROPERTIES, EARLY_REQUIREMENTS } from "./early-versions.ts";
import { newestSnapshot, withdrawn } from "./newest-snapshot.ts";
import { enumValueFact, propertyFact, requiredFact, type SchemaChanges } from "./schema-changes.ts";
import { pairTypeSpecNames, type TypeSpecPairs } from "./type-spec-pairs.ts";

/** One flag per api-version, oldest first. */
export type Presence = readonly boolean[];

export interface PropertyTimeline {
  /** As in the newest description that has it; a `$ref` names a model or an enum of this table. */
  readonly schema: SwaggerSchema;
  readonly known: Presence;
  readonly required: Presence;
}

export interface ModelTimelines {
  readonly models: ReadonlyMap<string, ReadonlyMap<string, PropertyTimeline>>;
  readonly enums: ReadonlyMap<string, ReadonlyMap<string, Presence>>;
}

/** What one api-version's description says, as a set of facts. */
export interface Snapshot {
  readonly facts: ReadonlySet<string>;
  readonly models: ReadonlyMap<string, ReadonlyMap<string, SwaggerSchema>>;
  readonly enums: ReadonlyMap<string, DescribedEnum>;
}

interface DescribedEnum {
  readonly values: readonly string[];
  /** `Model.property` of each place that writes the enum inline. */
  readonly owners: Set<string>;
}

export function buildModelTimelines(descriptions: Descriptions, changes: SchemaChanges): ModelTimelines {
  const { apiVersions, swaggers, typeSpec } = descriptions;
  const snapshots = new Map(
    [...swaggers].map(([version, swagger]) => [apiVersions.indexOf(version), snapshot(swagger)]),
  );
  const [newestIndex, newest] = [...snapshots].at(-1) ?? [];
  const newestSwagger = [...swaggers.values()].at(-1);
  if (newestIndex === undefined || newest === undefined || newestSwagger === undefined)
    throw new Error("no description");
  const pairs = pairTypeSpecNames(typeSpec.before, newestSwagger);
  snapshots.set(newestIndex, relaxed(newest, pairs, typeSpec.before));
  const typeSpecSnapshot = withdrawn(applyTypeSpecChanges(newest, pairs, typeSpec));
  snapshots.set(newestIndex + 1, typeSpecSnapshot);
  snapshots.set(newestIndex + 2, newestSnapshot(typeSpecSnapshot));

  const presence = (fact: string, aliases: readonly string[] = []): Presence =>
    apiVersions.map(
      (_, index) =>
        snapshots.get(index)?.facts.has(fact) ?? derivedPresence(fact, aliases, index, snapshots, changes),
    );

  const models = new Map<string, Map<string, PropertyTimeline>>();
  const enums = new Map<string, Map<string, Presence>>();
  for (const { models: described, enums: enumsDescribed } of snapshots.values()) {
    for (const [model, properties] of described) {
      const timelines = models.get(model) ?? new Map<string, PropertyTimeline>();
      models.set(model, timelines);
      for (const [name, schema] of properties) {
        timelines.set(name, {
          schema,
          known: presence(propertyFact(model, name)),
          required: presence(requiredFact(model, name)),
        });
      }
    }
    for (const [name, { values, owners }] of enumsDescribed) {
      const timelines = enums.get(name) ?? new Map<string, Presence>();
      enums.set(name, timelines);
      for (const value of values) {
        const aliases = [...owners].map((owner) => enumValueFact(owner, value));
        timelines.set(value, presence(enumValueFact(name, value), aliases));
      }
    }
  }
  addEarly(models, apiVersions);
  return { models, enums };
}

/** What early versions had and later ones have not, or not then. */
function addEarly(models: Map<string, Map<string, PropertyTimeline>>, apiVersions: readonly string[]): void {
  for (const { model, property, schema, required, since = "", until } of EARLY_PROPERTIES) {
    const properties = models.get(model) ?? new Map<string, PropertyTimeline>();
    models.set(model, properties);
    const early = apiVersions.map((version) => version >= since && version <= until);
    const later = properties.get(property);
    properties.set(property, {
      schema: later?.schema ?? schema,
      known: early.map((is, index) => is || later?.known[index] === true),
      required: early.map((is, index) => (is ? required === true : later?.required[index] === true)),
    });
  }
  for (const { model, property, until } of EARLY_REQUIREMENTS) {
    const timeline = models.get(model)?.get(property);
    if (!timeline) throw new Error(`no description knows ${model}.${property}`);
    const required = timeline.required.map(
      (is, index) => is || (timeline.known[index] === true && (apiVersions[index] ?? "") <= until),
    );
    models.get(model)?.set(property, { ...timeline, required });
  }
}

/** @param aliases other names under which the page of changes may speak of the fact. */
function derivedPresence(
  fact: string,
  aliases: readonly string[],
  index: number,
  snapshots: ReadonlyMap<number, Snapshot>,
  changes: SchemaChanges,
): boolean {
  const described = [...snapshots.keys()].sort((a, b) => a - b);
  const olderIndex = described.findLast((d) => d < index) ?? -1;
  const newerIndex = described.find((d) => d > index) ?? -1;
  const older = snapshots.get(olderIndex)?.facts.has(fact);
  const newer = snapshots.get(newerIndex)?.facts.has(fact);
  if (newer === undefined) throw new Error(`no description newer than api-version ${index}`);
  if (older === newer) return newer;
  const changedAt = changes.changedBetween(older === undefined ? index : olderIndex, newerIndex, [
    fact,
    ...aliases,
  ]);
  if (older === undefined) return newer && changedAt === undefined;
  // The relaxation above is ours, so the page of changes has no line for it.
  if (changedAt === undefined && fact.startsWith("required ")) return older;
  if (changedAt === undefined) throw new Error(`SCHEMA-CHANGES.md does not say when this changed: ${fact}`);
  return index < changedAt ? older : newer;
}

function snapshot(swagger: Swagger): Snapshot {
  const facts = new Set<string>();
  const models = new Map<string, Map<string, SwaggerSchema>>();
  const enums = new Map<string, DescribedEnum>();
  const addEnum = (name: string, values: readonly string[], owner: string) => {
    const known = enums.get(name) ?? { values, owners: new Set() };
    enums.set(name, known);
    known.owners.add(owner);
    for (const value of values) facts.add(enumValueFact(name, value));
  };
  for (const [model, definition] of Object.entries(swagger.definitions)) {
    if (definition.enum) {
      addEnum(model, definition.enum, model);
      continue;
    }
    const properties = new Map<string, SwaggerSchema>();
    models.set(model, properties);
    for (const [name, schema] of Object.entries(definition.properties ?? {})) {
      facts.add(propertyFact(model, name));
      const values = schema.enum ?? schema.items?.enum;
      const enumName = (schema["x-ms-enum"] ?? schema.items?.["x-ms-enum"])?.name ?? `${model}.${name}`;
      if (values) addEnum(enumName, values, `${model}.${name}`);
      properties.set(name, values ? pointingTo(enumName, schema) : schema);
    }
    for (const name of definition.required ?? []) facts.add(requiredFact(model, name));
  }
  return { facts, models, enums };
}

/** An inline enum becomes a reference to a named one, so that it is written once. */
function pointingTo(enumName: string, schema: SwaggerSchema): SwaggerSchema {
  const reference = { $ref: `#/definitions/${enumName}` };
  const { readOnly } = schema;
  return schema.items ? { type: "array", items: reference } : { ...reference, ...(readOnly && { readOnly }) };
}

/** Both generations of clients send this version: what the TypeSpec one does not even know cannot be required. */
function relaxed(newest: Snapshot, pairs: TypeSpecPairs, typeSpec: Swagger): Snapshot {
  const facts = new Set(newest.facts);
  for (const [model, properties] of newest.models) {
    const twins = [...pairs]
      .filter(([, targets]) => targets.has(model))
      .map(([name]) => typeSpec.definitions[name]);
    if (twins.length === 0) continue;
    for (const name of properties.keys()) {
      if (!twins.some((twin) => twin?.properties?.[name])) facts.delete(requiredFact(model, name));
    }
  }
  return { ...newest, facts };
}

/** The newest Swagger snapshot carried over to the next version by what changed between the two TypeSpec descriptions. */
function applyTypeSpecChanges(
  base: Snapshot,
  pairs: TypeSpecPairs,
  typeSpec: Descriptions["typeSpec"],
): Snapshot {
  const facts = new Set<string>();
  const models = new Map<string, Map<string, SwaggerSchema>>();
  const enums = new Map<string, DescribedEnum>();
  const translate = (schema: SwaggerSchema): SwaggerSchema => {
    const name = referredName(schema) ?? referredName(schema.allOf?.[0]);
    if (name !== undefined) {
      const [swaggerName = name] = pairs.get(name) ?? [];
      return { $ref: `#/definitions/${swaggerName}`, ...(schema.readOnly && { readOnly: true }) };
    }
    return schema.items ? { ...schema, items: translate(schema.items) } : schema;
  };

  for (const [name, after] of Object.entries(typeSpec.after.definitions)) {
    const before = typeSpec.before.definitions[name];
    for (const target of pairs.get(name) ?? [name]) {
      if (after.enum) {
        const known = base.enums.get(target)?.values;
        const values = after.enum.map(
          (value) => known?.find((old) => old.toLowerCase() === value.toLowerCase()) ?? value,
        );
        enums.set(target, { values, owners: base.enums.get(target)?.owners ?? new Set() });
        for (const value of values) facts.add(enumValueFact(target, value));
        continue;
      }
      const properties = models.get(target) ?? new Map<string, SwaggerSchema>();
      models.set(target, properties);
      const older = base.models.get(target);
      for (const [property, schema] of Object.entries(after.properties ?? {})) {
        const carried = older?.get(property);
        // Some TypeSpec models serve as request and response at once; what only the response has is not new to the request.
        if (carried === undefined && before?.properties?.[property] !== undefined) continue;
        properties.set(property, carried ?? translate(schema));
        facts.add(propertyFact(target, property));
        const required = requiredFact(target, property);
        if (carried === undefined ? after.required?.includes(property) : base.facts.has(required))
          facts.add(required);
      }
    }
  }
  return { facts, models, enums };
}
