/**
 * Holds replies of the data plane against the API descriptions, where `BATCHYARD_SPECS` names their folder: status codes,
 * headers and, for each value of a body, name, type, format and enum. Without the folder every reply is taken as it is.
 */
import { batchApiVersions } from "../../src/wire/batch/api-versions.gen.ts";
import { readDescriptions } from "../../tools/batch/descriptions.ts";
import { operationsOf, referredName, type Swagger, type SwaggerSchema } from "../../tools/swagger.ts";

export interface ReplyToDescribe {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly version: string;
  /** The request chose properties: those left out are not missing. */
  readonly isSelection: boolean;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly json: unknown;
}

interface Described {
  readonly pattern: RegExp;
  readonly method: string;
  readonly id: string;
  readonly responses: Readonly<Record<string, { schema?: SwaggerSchema; headers?: object }>>;
}

const folder = process.env.BATCHYARD_SPECS;
const descriptions = folder ? readDescriptions(folder) : undefined;

/** What is wrong with the reply; empty when nothing is. */
export function replyProblems(reply: ReplyToDescribe): string[] {
  const swagger = descriptionOf(reply.version);
  if (swagger === undefined) return [];
  const operation = operationsIn(swagger).find(
    ({ method, pattern }) => method === reply.method && pattern.test(reply.path),
  );
  // 304 is HTTP's, not the description's.
  if (operation === undefined || reply.status === 304) return [];
  const described = operation.responses[reply.status];
  if (described === undefined && reply.status < 300) {
    return [`${operation.id} answers ${reply.status}; described are ${Object.keys(operation.responses)}`];
  }
  const problems = described ? headerProblems(operation.id, described, reply) : [];
  const schema = described ? described.schema : { $ref: "#/definitions/BatchError" };
  if (schema === undefined || schema.format === "file" || reply.method === "HEAD") return problems;
  const { "odata.metadata": _metadata, ...body } = (reply.json ?? {}) as Record<string, unknown>;
  const found = schemaProblems(swagger, schema, body, operation.id);
  return [
    ...problems,
    ...(reply.isSelection ? found.filter((problem) => !problem.endsWith(MISSING)) : found),
  ];
}

/** The description of the version itself; of the newer generation, its stand-in does not count. */
function descriptionOf(version: string): Swagger | undefined {
  const isDescribed = batchApiVersions.some((known) => known.version === version && known.described);
  return isDescribed ? descriptions?.swaggers.get(version) : undefined;
}

const indexed = new Map<Swagger, Described[]>();

function operationsIn(swagger: Swagger): Described[] {
  const known = indexed.get(swagger);
  if (known) return known;
  const operations = operationsOf(swagger).map(({ method, path, operation }) => ({
    method,
    id: operation.operationId,
    responses: operation.responses,
    pattern: new RegExp(
      `^${path
        .replace(/[.()]/g, "\\$&")
        .replace("{filePath}", ".+")
        .replace(/\{\w+\}/g, "[^/]+")}$`,
      "i",
    ),
  }));
  indexed.set(swagger, operations);
  return operations;
}

/** Lists have no validators of their own here: what a page says changes with every task that ends. */
const NOT_ON_LISTS = new Set(["etag", "last-modified"]);
/** Only when asked for; and a file has no tag, only a time. */
const OPTIONAL = new Set(["client-request-id"]);
/** What the service's own replies were seen to lack, though it is described. */
const UNTAGGED =
  /^(ComputeNode_|Certificate_|Pool_EvaluateAutoScale|Pool_GetAllLifetimeStatistics|Job_GetAllLifetimeStatistics)/;
const UNNAMED = "Task_Get";

function headerProblems(
  id: string,
  { headers = {} }: { readonly headers?: object },
  reply: ReplyToDescribe,
): string[] {
  const isList = typeof reply.json === "object" && reply.json !== null && "value" in reply.json;
  const isFile = "ocp-batch-file-url" in headers;
  return Object.keys(headers)
    .map((name) => name.toLowerCase())
    .filter((name) => !OPTIONAL.has(name) && !(isList && NOT_ON_LISTS.has(name)))
    .filter((name) => !((isFile || UNTAGGED.test(id)) && name === "etag"))
    .filter((name) => !(id === UNNAMED && name === "dataserviceid"))
    .filter((name) => reply.headers[name] === undefined)
    .map((name) => `${id} has no header ${name}`);
}

const FORMATS: Readonly<Record<string, RegExp>> = {
  "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$/,
  duration: /^P(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/,
};

const MISSING = " is missing";
/** Required of requests; in replies there are none. */
const WRITTEN_ONLY: ReadonlySet<string> = new Set(["password", "accountKey"]);

function schemaProblems(swagger: Swagger, schema: SwaggerSchema, value: unknown, at: string): string[] {
  const name = referredName(schema);
  if (name !== undefined) {
    const definition = swagger.definitions[name];
    return definition ? schemaProblems(swagger, definition, value, at) : [`${at}: no definition ${name}`];
  }
  // The service spells some words otherwise than the description.
  if (schema.enum && !schema.enum.some((word) => word.toLowerCase() === String(value).toLowerCase())) {
    return [`${at} is ${JSON.stringify(value)}; described are ${schema.enum.join(", ")}`];
  }
  if (schema.type === "array") {
    if (!Array.isArray(value)) return [`${at} is no array: ${JSON.stringify(value)}`];
    const { items } = schema;
    return items ? value.flatMap((item, i) => schemaProblems(swagger, items, item, `${at}[${i}]`)) : [];
  }
  if (schema.properties) return objectProblems(swagger, schema, value, at);
  return scalarProblems(schema, value, at);
}

function objectProblems(swagger: Swagger, schema: SwaggerSchema, value: unknown, at: string): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [`${at} is no object: ${JSON.stringify(value)}`];
  }
  const { properties = {}, required = [] } = schema;
  const object = value as Record<string, unknown>;
  return [
    ...required
      // Secrets are never read back.
      .filter((name) => object[name] === undefined && !WRITTEN_ONLY.has(name))
      .map((name) => `${at}.${name}${MISSING}`),
    ...Object.entries(object).flatMap(([name, member]) => {
      const property = properties[name];
      return property
        ? schemaProblems(swagger, property, member, `${at}.${name}`)
        : [`${at}.${name} is unknown`];
    }),
  ];
}

function scalarProblems({ type, format = "" }: SwaggerSchema, value: unknown, at: string): string[] {
  const wrong = [`${at} is no ${format || type}: ${JSON.stringify(value)}`];
  switch (type) {
    case "integer":
      // 64 bits travel as text, as OData writes them; the newer generation of descriptions says so.
      if (format === "int64") return /^\d+$/.test(String(value)) ? [] : wrong;
      return Number.isInteger(value) ? [] : wrong;
    case "number":
      return typeof value === "number" ? [] : wrong;
    case "boolean":
      return typeof value === "boolean" ? [] : wrong;
    case "string":
      return typeof value === "string" && (FORMATS[format]?.test(value) ?? true) ? [] : wrong;
    default:
      return [];
  }
}
