/**
 * Judges a parsed JSON body against the generated model table in one api-version. Pure but for one thing: the value it is given
 * is its own to change, so a null is removed (it means "not given"), and enums, durations, numbers and booleans take their canonical form, and
 * a property that the version has under an older name stands under the one that all else here knows.
 *
 * Each model is compiled once per api-version into nested closures. A check returns the value to keep, or a `PropertyProblem`
 * that collects its path on the way out; nothing is allocated for a body without faults.
 */
import { batchApiVersions } from "../../wire/batch/api-versions.gen.ts";
import type { BatchModelName } from "../../wire/batch/models.gen.ts";
import type { BatchModels } from "../../wire/batch/models-types.gen.ts";
import { OLDER_PROPERTIES } from "../../wire/batch/older-properties.ts";
import { millisecondsToDuration, parseDuration } from "./iso-duration.ts";
import { enumValues, isModelName, modelProperties, type PropertySpec } from "./model-table.ts";
import { objectRule } from "./object-rules.ts";
import { PropertyProblem } from "./property-problem.ts";
import { propertyRule } from "./property-rules.ts";
import { booleanOfText, integerOfText, numberOfText, saysNothing } from "./written-as-text.ts";

type Check = (value: unknown) => unknown;

/**
 * @param versionIndex of `batchApiVersions`
 * @returns the same object, now of the model's type
 * @throws Fault InvalidRequestBody, InvalidPropertyValue, MissingRequiredProperty or EmptyMetadataKey, naming the property
 */
export function checkBody<M extends BatchModelName>(
  model: M,
  versionIndex: number,
  value: unknown,
): BatchModels[M] {
  const checked = compiled(model, versionIndex)(value);
  if (checked instanceof PropertyProblem) throw checked.fault();
  return checked as BatchModels[M];
}

const compiledChecks = new Map<string, Check>();

function compiled(model: BatchModelName, versionIndex: number): Check {
  const key = `${model} ${versionIndex}`;
  const known = compiledChecks.get(key);
  if (known) return known;
  const check = objectCheck(model, versionIndex);
  compiledChecks.set(key, check);
  return check;
}

interface PropertyCheck {
  readonly check: Check;
  readonly required: boolean;
  /** A text that means the same as leaving the property out. */
  readonly isNothing: (value: unknown) => boolean;
}

function objectCheck(model: BatchModelName, versionIndex: number): Check {
  const { known } = modelProperties(model, versionIndex);
  const accepted = known.filter(({ readOnly }) => !readOnly);
  const ruled = objectRule(model);
  const required = accepted
    .filter((spec) => spec.required && !ruled?.decides.includes(spec.name))
    .map(({ name }) => name);
  const properties = new Map<string, PropertyCheck>(
    accepted.map((spec) => [
      spec.name,
      {
        check: propertyCheck(model, spec, versionIndex),
        required: required.includes(spec.name),
        isNothing: nothingCheck(spec, versionIndex),
      },
    ]),
  );
  const version = batchApiVersions[versionIndex]?.version ?? "";
  const renamed = (OLDER_PROPERTIES[model] ?? []).filter(
    ({ now, once }) => properties.has(once) && !properties.has(now),
  );

  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return wrongType("an object", value);
    const object = value as Record<string, unknown>;
    let requiredSeen = 0;
    for (const name of Object.keys(object)) {
      const property = properties.get(name);
      if (property === undefined) {
        if (isAnnotation(name)) delete object[name];
        else return unknownProperty(name, model, version);
        continue;
      }
      const given = object[name];
      if (given === null || property.isNothing(given)) {
        delete object[name];
        continue;
      }
      const kept = property.check(given);
      if (kept instanceof PropertyProblem) return kept.within(name);
      if (kept !== given) object[name] = kept;
      if (property.required) requiredSeen++;
    }
    if (requiredSeen < required.length) {
      const missing = required.find((name) => object[name] === undefined) ?? "";
      return new PropertyProblem("MissingRequiredProperty", `${model} requires '${missing}'`).within(missing);
    }
    const problem = ruled?.rule(object);
    if (problem) return problem;
    for (const { now, once } of renamed) {
      if (object[once] === undefined) continue;
      object[now] = object[once];
      delete object[once];
    }
    return object;
  };
}

function nothingCheck(spec: PropertySpec, versionIndex: number): PropertyCheck["isNothing"] {
  if (spec.required || spec.isArray) return () => false;
  const isEnum = enumValues(spec.type, versionIndex) !== undefined;
  return (value) => saysNothing(value, spec.type, isEnum);
}

function propertyCheck(model: BatchModelName, spec: PropertySpec, versionIndex: number): Check {
  const typed = spec.isArray
    ? arrayCheck(typeCheck(spec, versionIndex), spec.longest)
    : typeCheck(spec, versionIndex);
  const rule = propertyRule(model, spec.name);
  if (rule === undefined) return typed;
  return (value) => {
    const kept = typed(value);
    return kept instanceof PropertyProblem ? kept : (rule(kept) ?? kept);
  };
}

function arrayCheck(element: Check, longest = Infinity): Check {
  return (value) => {
    if (!Array.isArray(value)) return wrongType("an array", value);
    if (value.length > longest) {
      return new PropertyProblem("InvalidPropertyValue", `may have at most ${longest} entries`, value.length);
    }
    for (let index = 0; index < value.length; index++) {
      const given: unknown = value[index];
      const kept = element(given);
      if (kept instanceof PropertyProblem) return kept.within(`[${index}]`);
      if (kept !== given) value[index] = kept;
    }
    return value;
  };
}

function typeCheck(spec: PropertySpec, versionIndex: number): Check {
  const { type } = spec;
  if (isModelName(type)) return compiled(type, versionIndex);
  const values = enumValues(type, versionIndex);
  if (values) return enumCheck(values);
  switch (type) {
    case "string":
    case "byte":
      return stringCheck(spec.longest);
    case "boolean":
      return (value) => {
        const kept = booleanOfText(value);
        return typeof kept === "boolean" ? kept : wrongType("a boolean", value);
      };
    case "int32":
      return integerCheck(spec.min ?? -(2 ** 31), spec.max ?? 2 ** 31 - 1);
    case "int64":
      return integerCheck(spec.min ?? Number.MIN_SAFE_INTEGER, spec.max ?? Number.MAX_SAFE_INTEGER);
    case "double":
      return (value) => {
        const kept = numberOfText(value);
        return typeof kept === "number" ? kept : wrongType("a number", value);
      };
    case "date-time":
      return textCheck("an ISO 8601 instant such as 2024-07-01T12:30:00Z", isInstant);
    case "duration":
      return durationCheck;
    case "map":
      return mapCheck;
    case "object":
      // The descriptions' examples hold a string here: any JSON value is meant.
      return (value) => value;
    default:
      throw new TypeError(`the model table names an unknown type: ${type}`);
  }
}

const stringCheck =
  (longest = Infinity): Check =>
  (value) => {
    if (typeof value !== "string") return wrongType("a string", value);
    if (value.length <= longest) return value;
    return new PropertyProblem("InvalidPropertyValue", `may have at most ${longest} characters`, value);
  };

const textCheck =
  (what: string, holds: (text: string) => boolean): Check =>
  (value) => {
    if (typeof value !== "string") return wrongType("a string", value);
    return holds(value) ? value : new PropertyProblem("InvalidPropertyValue", `must be ${what}`, value);
  };

/** Kept as the service writes it: it stores a length, not its spelling. */
const durationCheck: Check = (value) => {
  if (typeof value !== "string") return wrongType("a string", value);
  const length = parseDuration(value);
  if (length !== undefined) return millisecondsToDuration(length);
  return new PropertyProblem("InvalidPropertyValue", "must be an ISO 8601 duration such as PT15M", value);
};

function integerCheck(low: number, high: number): Check {
  return (value) => {
    const kept = integerOfText(value);
    if (typeof kept !== "number" || !Number.isInteger(kept)) return wrongType("a whole number", value);
    if (kept >= low && kept <= high) return kept;
    return new PropertyProblem("InvalidPropertyValue", `must be between ${low} and ${high}`, value);
  };
}

/** The service compares without case; what is stored and shown is its own spelling. */
function enumCheck(values: readonly string[]): Check {
  const canonical = new Map(
    values.flatMap((value) => [[value, value] as const, [value.toLowerCase(), value] as const]),
  );
  return (value) => {
    if (typeof value !== "string") return wrongType("a string", value);
    const found = canonical.get(value) ?? canonical.get(value.toLowerCase());
    return found ?? new PropertyProblem("InvalidPropertyValue", `must be one of ${values.join(", ")}`, value);
  };
}

const mapCheck: Check = (value) => {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return wrongType("an object", value);
  for (const [name, member] of Object.entries(value)) {
    if (typeof member !== "string") return wrongType("a string", member).within(name);
  }
  return value;
};

const INSTANT = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,12})?)?([Zz]|[+-]\d\d:?\d\d)?$/;

const isInstant = (text: string): boolean => INSTANT.test(text) && !Number.isNaN(Date.parse(text));

/** OData annotations, e.g. `odata.metadata` of an object that was read before and is now sent back, say nothing new. */
const isAnnotation = (name: string): boolean => name.startsWith("odata.") || name.includes("@odata.");

/** What only management sets. Source: "Configure managed identities in Batch pools". */
const MANAGEMENT_ONLY: ReadonlySet<string> = new Set([
  "PoolAddParameter.identity",
  "PoolPatchParameter.identity",
  "PoolSpecification.identity",
  "PoolUpdatePropertiesParameter.identity",
]);

function unknownProperty(name: string, model: string, version: string): PropertyProblem {
  if (MANAGEMENT_ONLY.has(`${model}.${name}`)) {
    return new PropertyProblem("UnsupportedProperty", `'${name}' is set over management only`).within(name);
  }
  const reason = `${model} has no property '${name}' that a request of api-version ${version} may hold`;
  return new PropertyProblem("InvalidRequestBody", reason).within(name);
}

function wrongType(expected: string, value: unknown): PropertyProblem {
  const found = value === null ? "null" : Array.isArray(value) ? "an array" : `a JSON ${typeof value}`;
  return new PropertyProblem("InvalidRequestBody", `expected ${expected}, found ${found}`, value);
}
