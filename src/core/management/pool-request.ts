/**
 * A pool as management describes it, made the pool that the data plane stores: one pool, two views. The values are judged by the data
 * plane's own check, in the api-version that knows the same pools; what it finds is told in management's names. Pure. Sources: "Pool -
 * Create", "Pool - Update" of management; the API description, "PoolProperties".
 */
import { POOL_PROPERTY_GROUPS, POOL_PROPERTY_PATHS, POOL_READ_ONLY } from "../../wire/arm/pool-model.ts";
import { batchApiVersions } from "../../wire/batch/api-versions.gen.ts";
import type { PoolAddParameter, PoolResizeParameter } from "../../wire/batch/models-types.gen.ts";
import { Fault } from "../fault.ts";
import { checkBody } from "../model/body-check.ts";
import { modelProperties } from "../model/model-table.ts";
import { refuseUnbuiltProperties } from "../model/unbuilt-properties.ts";
import { fromManagement, type ModelVersion, managementPath, unknownProperty } from "./data-plane-model.ts";
import { asObject, type JsonObject } from "./json-body.ts";
import { certificateOfId, packageOfId } from "./pool-references.ts";

export interface PoolDescription {
  /** With the pool's id. What the request does not mention is absent. */
  readonly pool: PoolAddParameter;
  readonly deallocation: PoolResizeParameter["nodeDeallocationOption"];
  /** Given as `{}`: the pool is to have none. */
  readonly removesStartTask: boolean;
}

/** What a description holds when it mentions no size: a change of a pool needs none. */
const ANY_SIZE = "?";

/** Of the data plane; management kept `applicationLicenses` for longer. */
const LAST_WITH_LICENSES = batchApiVersions.findIndex(({ version }) => version === "2024-02-01.19.0");

/**
 * @param name of the pool, as the path has it
 * @param account its resource id: what the pool refers to lies below it
 * @throws Fault with the data plane's code, naming the property of management
 */
export function poolDescription(
  body: JsonObject,
  {
    name,
    account,
    isChange,
  }: { readonly name: string; readonly account: string; readonly isChange: boolean },
  version: ModelVersion,
): PoolDescription {
  try {
    const properties = asObject(body.properties ?? {}, "properties");
    const { values, deallocation } = readProperties(properties, version);
    const removesStartTask = isEmptyObject(values.startTask);
    if (removesStartTask) delete values.startTask;
    values.certificateReferences = referencesOf(values.certificateReferences, certificateOfId(account));
    values.applicationPackageReferences = referencesOf(
      values.applicationPackageReferences,
      packageOfId(account),
    );
    const { applicationLicenses } = values;
    if (version.index > LAST_WITH_LICENSES) delete values.applicationLicenses;
    const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
    if (isChange) given.vmSize ??= ANY_SIZE;
    const pool = checkBody("PoolAddParameter", version.index, { ...given, id: name });
    if (applicationLicenses !== undefined && version.index > LAST_WITH_LICENSES) {
      const licensed = { id: name, vmSize: ANY_SIZE, applicationLicenses };
      Object.assign(pool, {
        applicationLicenses: checkBody("PoolAddParameter", LAST_WITH_LICENSES, licensed).applicationLicenses,
      });
    }
    refuseUnbuiltProperties(pool);
    const { vmSize, ...rest } = pool;
    return {
      pool: vmSize === ANY_SIZE ? (rest as PoolAddParameter) : pool,
      deallocation,
      removesStartTask,
    };
  } catch (error) {
    throw inManagementNames(error, version);
  }
}

/** What a check of the data plane threw, told in management's names. */
export function inManagementNames(error: unknown, version: ModelVersion): unknown {
  return error instanceof Fault ? managementFault(error, version) : error;
}

/** The properties of which the data plane's change of a pool knows. */
export function changeableProperties({ index }: ModelVersion): ReadonlySet<string> {
  return new Set(modelProperties("PoolPatchParameter", index).known.map(({ name }) => name));
}

type Given = Record<string, unknown>;

function readProperties(
  properties: JsonObject,
  version: ModelVersion,
): { readonly values: Given; readonly deallocation: PoolDescription["deallocation"] } {
  const values: Given = {};
  let deallocation: PoolDescription["deallocation"];
  const read = (object: JsonObject, prefix: string): void => {
    for (const [name, member] of Object.entries(object)) {
      const path = prefix + name;
      if (member === null || POOL_READ_ONLY.has(path)) continue;
      if (POOL_PROPERTY_GROUPS.has(path)) read(objectAt(member, path), `${path}.`);
      else if (path === DEALLOCATION) deallocation = deallocationOf(member);
      else values[namedAt(path)] = member;
    }
  };
  read(properties, "");
  const carried = fromManagement("PoolAddParameter", values, version) as Given;
  // Under the names of the top the two planes differ in kind, too.
  if (values.enableInterNodeCommunication !== undefined)
    carried.enableInterNodeCommunication = isEnabled(values.enableInterNodeCommunication);
  const { autoScale, fixedScale } = objectAt(properties.scaleSettings ?? {}, "scaleSettings");
  if ((autoScale ?? undefined) === undefined) return { values: carried, deallocation };
  if ((fixedScale ?? undefined) !== undefined) {
    throw invalid("scaleSettings", "fixedScale and autoScale exclude each other.");
  }
  return { values: { ...carried, enableAutoScale: true }, deallocation };
}

const DEALLOCATION = "scaleSettings.fixedScale.nodeDeallocationOption";

const NAMES_BY_PATH = new Map(Object.entries(POOL_PROPERTY_PATHS).map(([name, path]) => [path, name]));

function namedAt(path: string): string {
  const name = NAMES_BY_PATH.get(path);
  if (name === undefined) throw unknownProperty(`properties.${path}`);
  return name;
}

/** @throws Fault naming the property where it stands in management */
function deallocationOf(value: unknown): PoolDescription["deallocation"] {
  if (value === "") return undefined;
  try {
    return checkBody("PoolResizeParameter", LAST_WITH_LICENSES, { nodeDeallocationOption: value })
      .nodeDeallocationOption;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const rest = error.values.filter(({ key }) => key !== "PropertyPath" && key !== "PropertyName");
    throw new Fault(error.code, error.message, { values: [...named(`properties.${DEALLOCATION}`), ...rest] });
  }
}

function isEnabled(value: unknown): boolean {
  const word = typeof value === "string" ? value.toLowerCase() : "";
  if (word === "enabled" || word === "disabled") return word === "enabled";
  throw invalid("interNodeCommunication", "must be Enabled or Disabled");
}

function referencesOf(list: unknown, convert: (reference: JsonObject, at: string) => object): unknown {
  if (!Array.isArray(list)) return list;
  return list.map((member, index) => (isObject(member) ? convert(member, `[${index}]`) : member));
}

function objectAt(value: unknown, path: string): JsonObject {
  if (isObject(value)) return value;
  throw new Fault("InvalidRequestBody", "", {
    values: [...named(`properties.${path}`), { key: "Reason", value: "expected an object" }],
  });
}

function managementFault(fault: Fault, version: ModelVersion): Fault {
  const told = (key: string) => fault.values.find((entry) => entry.key === key)?.value;
  const path = told("PropertyPath") ?? told("PropertyName");
  if (path === undefined || path.startsWith("properties")) return fault;
  const rest = fault.values.filter(({ key }) => key !== "PropertyPath" && key !== "PropertyName");
  const { code, message, status } = fault;
  return new Fault(code, message, {
    values: [...named(poolPath(path, version)), ...rest],
    ...(status !== undefined && { status }),
  });
}

/** The data plane's path within a pool as management's within a request. */
function poolPath(path: string, version: ModelVersion): string {
  if (path === "id") return "poolName";
  const carried = managementPath("PoolAddParameter", path, version);
  const end = carried.search(/[.[]/);
  const top = end < 0 ? carried : carried.slice(0, end);
  const below = end < 0 ? "" : carried.slice(end);
  const own = Object.hasOwn(POOL_PROPERTY_PATHS, top) ? POOL_PROPERTY_PATHS[top] : top;
  return `properties.${own}${below}`;
}

function named(path: string): { key: string; value: string }[] {
  const name = path.slice(path.lastIndexOf(".") + 1).replace(/\[\d+\]$/, "");
  return [
    { key: "PropertyName", value: name },
    { key: "PropertyPath", value: path },
  ];
}

function invalid(path: string, reason: string): Fault {
  return new Fault("InvalidPropertyValue", "", {
    values: [...named(`properties.${path}`), { key: "Reason", value: reason }],
  });
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isEmptyObject = (value: unknown): boolean => isObject(value) && Object.keys(value).length === 0;
