/** Requests to the data plane with one list, text, map, parameter or header at its limit, made from the tables of operations and models. */
import {
  enumValues,
  isModelName,
  modelProperties,
  type PropertySpec,
} from "../../../src/core/model/model-table.ts";
import { batchApiVersions } from "../../../src/wire/batch/api-versions.gen.ts";
import type { BatchModelName } from "../../../src/wire/batch/models.gen.ts";
import type { BatchOperation } from "../../../src/wire/batch/operation.ts";
import { batchOperations } from "../../../src/wire/batch/operations.gen.ts";
import { filters, HEADER_VALUES, LONG_QUERY, type WideRequest } from "./wide-texts.ts";

/** Of a body: just below what the service reads. */
const BODY_CHARACTERS = 1_040_000;
const DEPTH_MAX = 4;
const CONDITIONAL = ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since"];

export interface BatchIds {
  readonly poolId: string;
  readonly nodeId: string;
  readonly jobId: string;
  readonly taskId: string;
}

export function* widestOfBatch(ids: BatchIds): Generator<WideRequest> {
  for (const operation of Object.values(batchOperations) as BatchOperation[])
    yield* ofOperation(operation, ids);
}

function* ofOperation(operation: BatchOperation, ids: BatchIds): Generator<WideRequest> {
  const { id, method, until, body: model } = operation;
  const version = Math.min(batchApiVersions.length - 1, until);
  const path = (named: (name: string) => string) =>
    operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(named(name)));
  const named: Readonly<Record<string, string>> = { ...ids };
  const right = path((name) => named[name] ?? "absent");
  const query = `api-version=${batchApiVersions[version]?.version}`;
  const type = { "content-type": "application/json; odata=minimalmetadata" };
  const request = (
    what: string,
    target: string,
    headers: Record<string, string>,
    body?: () => object | string,
  ) => ({
    what: `${id}: ${what}`,
    plane: "batch" as const,
    method,
    path: target,
    headers: body === undefined ? headers : { ...type, ...headers },
    ...(body !== undefined && {
      body: () => {
        const value = body();
        return typeof value === "string" ? value : JSON.stringify(value);
      },
    }),
  });
  // What would take away what the others need is tried without any effect.
  const absent = path(() => "absent");
  const at = /Delete|Terminate|Remove|Reboot|Reimage|Deallocate/.test(id) ? absent : right;
  if (operation.path.includes("{")) yield request("ids", `${path(() => "x".repeat(25_000))}?${query}`, {});
  yield request("parameters", `${at}?${query}&${LONG_QUERY}`, {});
  for (const { name } of operation.query)
    for (const [what, text] of name === "$filter" ? filters("id") : (TEXTS_OF[name] ?? TEXTS))
      yield request(`${name} ${what}`, `${at}?${query}&${name}=${text}`, {});
  for (const name of [...new Set([...operation.headers.map((each) => each.toLowerCase()), ...CONDITIONAL])])
    for (const [what, text] of HEADER_VALUES)
      yield request(`${name} ${what}`, `${at}?${query}`, { [name]: text });
  if (model === undefined) return;
  for (const [what, body] of widestBodies(model, version)) yield request(what, `${at}?${query}`, {}, body);
}

const TEXTS: readonly (readonly [string, string])[] = [["text", "x".repeat(25_000)]];
const LIST = Array.from({ length: 6_000 }, () => "id,").join("");
const TEXTS_OF: Readonly<Record<string, typeof TEXTS>> = {
  $select: [
    ["repeated", `${LIST}id`],
    ["unknown", "x,".repeat(12_000)],
    ["deep", "a/".repeat(12_000)],
  ],
  $expand: [
    ["repeated", `${"stats,".repeat(4_000)}stats`],
    ["unknown", "x,".repeat(12_000)],
  ],
};

function* widestBodies(model: BatchModelName, version: number): Generator<[string, () => object | string]> {
  yield ["deep lists", () => "[".repeat(BODY_CHARACTERS)];
  yield ["deep objects", () => `${'{"a":'.repeat(200_000)}1${"}".repeat(3)}`];
  yield ["wide", () => Object.fromEntries(Array.from({ length: 60_000 }, (_, n) => [`p${n}`, n]))];
  for (const { path, spec } of properties(model, version)) {
    if (hasLength(spec)) yield [path.join("."), () => withValue(model, version, path, widest(spec, version))];
  }
}

interface Found {
  readonly path: readonly string[];
  readonly spec: PropertySpec;
}

/** Those that may be given, of all models below, each model once on its way down. */
function* properties(
  model: BatchModelName,
  version: number,
  path: readonly string[] = [],
  above: readonly string[] = [],
): Generator<Found> {
  for (const spec of modelProperties(model, version).known.filter(({ readOnly }) => !readOnly)) {
    const here = [...path, spec.name];
    yield { path: here, spec };
    if (isModelName(spec.type) && here.length < DEPTH_MAX && !above.includes(spec.type))
      yield* properties(spec.type, version, here, [...above, model]);
  }
}

const hasLength = ({ type, isArray }: PropertySpec) => isArray || ["string", "map", "object"].includes(type);

function widest({ name, type, isArray }: PropertySpec, version: number): unknown {
  if (!isArray) {
    if (type === "string") return "a".repeat(BODY_CHARACTERS - 20_000);
    if (type === "map") return Object.fromEntries(Array.from({ length: 40_000 }, (_, n) => [`k${n}`, "v"]));
    return JSON.parse(`${"[".repeat(3_000)}${"]".repeat(3_000)}`);
  }
  const values: unknown[] = [];
  for (let n = 0, length = 0; length < BODY_CHARACTERS - 20_000; n++) {
    const value = isModelName(type) ? smallest(type, version, `n${n}`) : `n${n}`;
    values.push(type === "TaskIdRange" ? { start: 3 * n, end: 3 * n } : value);
    length += JSON.stringify(values.at(-1)).length + 1;
  }
  return name === "value" ? values.slice(0, 100) : values;
}

/** The smallest body that has it, with one element in each list on the way. */
function withValue(
  model: BatchModelName,
  version: number,
  [name = "", ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  const body = smallest(model, version, "wide");
  const spec = modelProperties(model, version).known.find((each) => each.name === name);
  if (rest.length === 0 || spec === undefined || !isModelName(spec.type)) return { ...body, [name]: value };
  const inner = withValue(spec.type, version, rest, value);
  return { ...body, [name]: spec.isArray ? [inner] : inner };
}

function smallest(model: BatchModelName, version: number, id: string): Record<string, unknown> {
  const required = modelProperties(model, version).known.filter((spec) => spec.required && !spec.readOnly);
  return Object.fromEntries(
    required.map(({ name, type, isArray }) => {
      if (isArray) return [name, isModelName(type) ? [smallest(type, version, id)] : [id]];
      if (isModelName(type)) return [name, smallest(type, version, id)];
      return [name, enumValues(type, version)?.[0] ?? SMALLEST[name] ?? SMALLEST[type] ?? id];
    }),
  );
}

const SMALLEST: Readonly<Record<string, unknown>> = {
  vmSize: "standard_d2_v3",
  nodeAgentSKUId: "batch.node.debian 12",
  commandLine: "true",
  filePattern: "*",
  int32: 1,
  int64: 1,
  double: 1,
  boolean: true,
  duration: "PT1H",
  "date-time": "2024-01-01T00:00:00Z",
  map: {},
  object: {},
};
