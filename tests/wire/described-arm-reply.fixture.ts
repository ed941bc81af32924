/**
 * Holds replies of the management plane against the API description of the very api-version that was asked for, where
 * `BATCHYARD_SPECS` names their folder: status, and for each value of a body name, type, format, enum, requirement. A version that
 * has no description of its own, and a method that has none, is taken as it is.
 */
import { readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { readJson } from "../../tools/specs-folder.ts";
import { operationsOf, type Swagger, type SwaggerSchema } from "../../tools/swagger.ts";

export interface ArmReplyToDescribe {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly version: string;
  readonly status: number;
  readonly json: unknown;
}

interface Described {
  readonly id: string;
  readonly method: string;
  readonly version: string;
  readonly pattern: RegExp;
  readonly file: string;
  readonly responses: Readonly<Record<string, { schema?: SwaggerSchema }>>;
}

const folder = process.env.BATCHYARD_SPECS;
const files = new Map<string, Swagger>();
const described: readonly Described[] = folder ? describedOperations(folder) : [];

/** What is wrong with the reply; empty when nothing is. */
export function armReplyProblems({ method, path, version, status, json }: ArmReplyToDescribe): string[] {
  const plain = decoded(path)?.replace(/^\/+/, "/");
  if (plain === undefined) return [];
  // Where an asynchronous operation is polled: no description knows the URL, though that of any resource fits it.
  if (/\/\w*operation(results|statuses)\//i.test(plain)) return [];
  const matches = described.filter(
    (operation) =>
      operation.method === method && operation.version === version && operation.pattern.test(plain),
  );
  // The one that leaves least to its parameters: `{scope}` fits much.
  const [operation] = matches.sort((a, b) => literals(b) - literals(a));
  if (operation === undefined) return [];
  const response = operation.responses[status] ?? (status >= 400 ? operation.responses.default : undefined);
  if (response === undefined) {
    return [`${operation.id} answers ${status}; described are ${Object.keys(operation.responses)}`];
  }
  const { schema } = response;
  if (schema === undefined || method === "HEAD") return [];
  return schemaProblems(operation.file, schema, json ?? {}, operation.id);
}

/** Undefined when it is no path of anything. */
/** Required of requests, or where there is more. */
const UNSHOWN: ReadonlySet<string> = new Set(["nextLink", "password", "accountKey"]);

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

const literals = ({ pattern }: Described): number => pattern.source.replace(/\[\^\/\]\+|\.\+/g, "").length;

function describedOperations(root: string): Described[] {
  const folders = ["authorization", "batch/resource-manager", "msi", "resources"];
  return folders
    .flatMap((name) => {
      const below = `specification/${name}`;
      return readdirSync(join(root, below), { recursive: true, encoding: "utf8" }).map(
        (file) => `${below}/${file}`,
      );
    })
    .filter((file) => file.endsWith(".json") && !file.includes("/examples/"))
    .flatMap((file) => {
      const swagger = read(file);
      if (!swagger.paths) return [];
      return operationsOf(swagger).map(({ method, path, operation }) => ({
        id: `${operation.operationId} ${swagger.info.version}`,
        method,
        version: swagger.info.version,
        pattern: new RegExp(
          `^${path
            .replace(/\/$/, "")
            .replace(/[.()]/g, "\\$&")
            .replace(/\{(scope|parentResourcePath)\}/g, ".+")
            .replace(/^\/\{\w+\}$/, "/(?!)")
            .replace(/\{\w+\}/g, "[^/]+")}$`,
          "i",
        ),
        file,
        responses: operation.responses,
      }));
    });
}

function read(file: string): Swagger {
  const known = files.get(file);
  if (known) return known;
  const swagger = readJson<Swagger>(folder ?? "", file);
  files.set(file, swagger);
  return swagger;
}

interface Resolved {
  readonly file: string;
  readonly schema: SwaggerSchema;
}

function resolved(file: string, schema: SwaggerSchema): Resolved {
  if (schema.$ref === undefined) return { file, schema };
  const [other = "", pointer = ""] = schema.$ref.split("#/definitions/");
  const target = other === "" ? file : normalize(join(dirname(file), other));
  const found = read(target).definitions[pointer];
  if (found === undefined) throw new Error(`${file} refers to ${schema.$ref}, which is not there`);
  return resolved(target, found);
}

/** The properties of a schema and of all that it extends, each with the file it stands in. */
function propertiesOf(file: string, schema: SwaggerSchema): Map<string, Resolved> {
  const all = new Map<string, Resolved>();
  for (const part of schema.allOf ?? []) {
    const base = resolved(file, part);
    for (const [name, property] of propertiesOf(base.file, base.schema)) all.set(name, property);
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    all.set(name, { file, schema: property });
  }
  return all;
}

function requiredOf(file: string, schema: SwaggerSchema): string[] {
  const inherited = (schema.allOf ?? []).flatMap((part) => {
    const base = resolved(file, part);
    return requiredOf(base.file, base.schema);
  });
  return [...inherited, ...(schema.required ?? [])];
}

function schemaProblems(at: string, given: SwaggerSchema, value: unknown, where: string): string[] {
  const { file, schema } = resolved(at, given);
  if (value === null)
    return (given["x-nullable"] ?? schema["x-nullable"]) || NULL_ALL_THE_SAME.test(where)
      ? []
      : [`${where} is null`];
  if (schema.enum && !schema.enum.includes(value as string)) {
    return [`${where} is ${JSON.stringify(value)}; described are ${schema.enum.join(", ")}`];
  }
  if (schema.type === "array") {
    if (!Array.isArray(value)) return [`${where} is no array: ${JSON.stringify(value)}`];
    const { items } = schema;
    return items ? value.flatMap((item, i) => schemaProblems(file, items, item, `${where}[${i}]`)) : [];
  }
  if (schema.properties || schema.allOf) return objectProblems(file, schema, value, where);
  if (typeof schema.additionalProperties === "object") {
    const { additionalProperties } = schema;
    return Object.entries(value as object).flatMap(([name, member]) =>
      schemaProblems(file, additionalProperties, member, `${where}.${name}`),
    );
  }
  return scalarProblems(schema, value, where);
}

/** The service shows it in versions whose description does not know it: a recorded reply to 2020-05-01. */
const RECORDED_OF_OPERATIONS = "isDataAction";

function objectProblems(file: string, schema: SwaggerSchema, value: unknown, where: string): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [`${where} is no object: ${JSON.stringify(value)}`];
  }
  const properties = propertiesOf(file, schema);
  const object = value as Record<string, unknown>;
  return [
    ...requiredOf(file, schema)
      // The last page has no link; an empty one would send Python's clients round and round. Secrets are never read back.
      .filter((name) => object[name] === undefined && !UNSHOWN.has(name))
      .map((name) => `${where}.${name} is missing`),
    ...Object.entries(object).flatMap(([name, member]) => {
      const property = properties.get(name);
      if (!property && name === RECORDED_OF_OPERATIONS && where.startsWith("Operations_List ")) return [];
      return property
        ? schemaProblems(property.file, property.schema, member, `${where}.${name}`)
        : [`${where}.${name} is unknown`];
    }),
  ];
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$/;

function scalarProblems({ type, format }: SwaggerSchema, value: unknown, where: string): string[] {
  const wrong = [`${where} is no ${format ?? type}: ${JSON.stringify(value)}`];
  switch (type) {
    case "integer":
      return Number.isInteger(value) ? [] : wrong;
    case "number":
      return typeof value === "number" ? [] : wrong;
    case "boolean":
      return typeof value === "boolean" ? [] : wrong;
    case "string":
      return typeof value === "string" && (format !== "date-time" || INSTANT.test(value)) ? [] : wrong;
    default:
      return [];
  }
}

/** Null in replies of the real service, whatever the description says. */
const NULL_ALL_THE_SAME =
  /^RoleAssignments_.*\.(condition|conditionVersion|description|delegatedManagedIdentityResourceId)$/;
