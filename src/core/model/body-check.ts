/**
 * Judges a parsed JSON body against the generated model table in one api-version. Pure but for one thing: the value it is given
 * is its own to change, so a null is removed (it means "not given") and an enum takes its canonical spelling.
 *
 * Each model is compiled once per api-version into nested closures. A check returns the value to keep, or a `PropertyProblem`
 * that collects its path on the way out; nothing is allocated for a body without faults.
 */
import { batchApiVersions } from "../../wire/batch/api-versions.gen.ts";
import type { BatchModelName } from "../../wire/batch/models.gen.ts";
import type { BatchModels } from "../../wire/batch/models-types.gen.ts";
import { parseDuration } from "./iso-duration.ts";
import { enumValues, isModelName, modelProperties, type PropertySpec } from "./model-table.ts";
import { PropertyProblem } from "./property-problem.ts";
import { propertyRule } from "./property-rules.ts";

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
}

function objectCheck(model: BatchModelName, versionIndex: number): Check {
  const { known } = modelProperties(model, versionIndex);
  const accepted = known.filter(({ readOnly }) => !readOnly);
  const properties = new Map<string, PropertyCheck>(
    accepted.map((spec) => [
      spec.name,
      { check: propertyCheck(model, spec, versionIndex), required: spec.required },
    ]),
  );
  const required = accepted.filter((spec) => spec.required).map(({ name }) => name);
  const version = batchApiVersions[versionIndex]?.version ?? "";

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
      if (given === null) {
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
    return object;
  };
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
      return (value) => (typeof value === "boolean" ? value : wrongType("a boolean", value));
    case "int32":
      return integerCheck(spec.min ?? -(2 ** 31), spec.max ?? 2 ** 31 - 1);
    case "int64":
      return integerCheck(spec.min ?? Number.MIN_SAFE_INTEGER, spec.max ?? Number.MAX_SAFE_INTEGER);
    case "double":
      return (value) => (typeof value === "number" ? value : wrongType("a number", value));
    case "date-time":
      return textCheck("an ISO 8601 instant such as 2024-07-01T12:30:00Z", isInstant);
    case "duration":
      return textCheck("an ISO 8601 duration such as PT15M", (text) => parseDuration(text) !== undefined);
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

function integerCheck(low: number, high: number): Check {
  return (value) => {
    if (typeof value !== "number" || !Number.isInteger(value)) return wrongType("a whole number", value);
    if (value >= low && value <= high) return value;
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
