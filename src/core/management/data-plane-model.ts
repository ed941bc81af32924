/**
 * Carries models of the data plane over into management's and back: the same values under the names and in the spelling of the other
 * plane. Pure; what only one property means (a reference to a certificate, say) is the caller's.
 */
import {
  DATA_PLANE_VERSION,
  EARLIER_PROPERTIES,
  LATER_PROPERTIES,
  MANAGEMENT_WORDS,
  RENAMED_PROPERTIES,
} from "../../wire/arm/pool-model.ts";
import { batchApiVersions } from "../../wire/batch/api-versions.gen.ts";
import type { BatchModelName } from "../../wire/batch/models.gen.ts";
import { OLDER_PROPERTIES } from "../../wire/batch/older-properties.ts";
import { Fault } from "../fault.ts";
import { withDefaults } from "../model/filled-defaults.ts";
import { enumValues, isModelName, modelProperties, type PropertySpec } from "../model/model-table.ts";

/** Of management; the data plane's that knows the same. */
export interface ModelVersion {
  readonly apiVersion: string;
  /** Of `batchApiVersions`. */
  readonly index: number;
}

type Values = Readonly<Record<string, unknown>>;

export function modelVersion(apiVersion: string): ModelVersion {
  const version = DATA_PLANE_VERSION[apiVersion];
  const index = batchApiVersions.findIndex((known) => known.version === version);
  if (index < 0) throw new RangeError(`no data plane is known for management of ${apiVersion}`);
  return { apiVersion, index };
}

/** Leaves out what the api-version does not know, and fills in what lies within. What the model itself was left without is the caller's. */
export function toManagement(model: BatchModelName, value: Values, version: ModelVersion): Values {
  const shown: Record<string, unknown> = {};
  for (const spec of knownProperties(model, version)) {
    const member = value[spec.name] ?? value[newerName(model, spec.name)];
    if (member !== undefined)
      shown[managementName(model, spec.name, version)] = shownValue(spec, member, version);
  }
  return shown;
}

/** By which a pool has what this version knows by an older name. */
const newerName = (model: BatchModelName, name: string): string =>
  OLDER_PROPERTIES[model]?.find(({ once, hides }) => once === name && hides === undefined)?.now ?? name;

function shownValue(spec: PropertySpec, value: unknown, version: ModelVersion): unknown {
  const { type } = spec;
  if (Array.isArray(value)) return value.map((member) => shownValue(spec, member, version));
  if (isModelName(type)) return toManagement(type, withDefaults(type, value as Values), version);
  return enumValues(type, version.index) ? managementWord(type, String(value)) : value;
}

/** The spelling of an enum's value. */
export function managementWord(type: string, word: string): string {
  const words = MANAGEMENT_WORDS[type]?.split(" ");
  return words?.find((known) => known.toLowerCase() === word.toLowerCase()) ?? word;
}

/** Unchecked: what is of no right type, or unknown, is carried over as it is, for the data plane's check to name. */
export function fromManagement(model: BatchModelName, value: unknown, version: ModelVersion): unknown {
  if (!isObject(value)) return value;
  const properties = propertiesByName(model, version);
  const carried = Object.entries(value).map(([name, member]): [string, unknown] => {
    const spec = properties.get(name);
    // Infrastructure tools write an empty text where a value is optional and none was chosen.
    if (spec !== undefined && member === "" && !spec.required && !MAY_BE_EMPTY.has(name))
      return [spec.name, undefined];
    if (spec !== undefined) return [spec.name, carriedValue(spec, member, version)];
    const isUnknown =
      RENAMED_PROPERTIES[`${model}.${name}`] !== undefined || isLater(model, name, version.apiVersion);
    if (isUnknown) throw unknownProperty(name);
    if (version.apiVersion >= (MANAGEMENT_ONLY[`${model}.${name}`] ?? "never")) throw unbuiltProperty(name);
    return [name, member];
  });
  return Object.fromEntries(carried.filter(([, member]) => member !== undefined));
}

/** Values of settings and metadata mean something when they are empty. */
const MAY_BE_EMPTY: ReadonlySet<string> = new Set(["value"]);

function carriedValue(spec: PropertySpec, value: unknown, version: ModelVersion): unknown {
  const { type } = spec;
  if (!isModelName(type)) return value;
  if (!Array.isArray(value)) return fromManagement(type, value, version);
  return value.map((member) => fromManagement(type, member, version));
}

/** A path such as `imageReference.virtualMachineImageId` below the model, in management's names. */
export function managementPath(model: BatchModelName, path: string, version: ModelVersion): string {
  const [, name = "", index = "", , rest] = /^([^.[]+)(\[\d+\])?(\.(.*))?$/s.exec(path) ?? [];
  if (name === "") return path;
  const type = knownProperties(model, version).find((spec) => spec.name === name)?.type ?? "";
  const here = `${managementName(model, name, version)}${index}`;
  if (rest === undefined) return here;
  return `${here}.${isModelName(type) ? managementPath(type, rest, version) : rest}`;
}

/** Under management's names. */
export function managementProperties(model: BatchModelName, version: ModelVersion): readonly string[] {
  return knownProperties(model, version).map(({ name }) => managementName(model, name, version));
}

/** Named in management as on the data plane until 2022-10-01. */
const OLDER_NAMES: ReadonlySet<string> = new Set([
  "CIFSMountConfiguration.username",
  "NetworkConfiguration.dynamicVNetAssignmentScope",
]);

function managementName(model: BatchModelName, name: string, { apiVersion }: ModelVersion): string {
  if (apiVersion < "2022-10-01" && OLDER_NAMES.has(`${model}.${name}`)) return name;
  return RENAMED_PROPERTIES[`${model}.${name}`] ?? name;
}

/** That management learnt of it after the data plane, and after this version. */
function isLater(model: BatchModelName, name: string, apiVersion: string): boolean {
  const property = `${model}.${name}`;
  return apiVersion < (LATER_PROPERTIES[property] ?? "") && EARLIER_PROPERTIES[property] !== apiVersion;
}

/** By model and api-version: a list may have thousands of elements of one model. */
const remembered = new Map<string, ReadonlyMap<string, PropertySpec>>();

/** By their names in management. */
function propertiesByName(model: BatchModelName, version: ModelVersion): ReadonlyMap<string, PropertySpec> {
  const key = `${model} ${version.apiVersion}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const { index, apiVersion } = version;
  const properties = new Map(
    modelProperties(model, index)
      .known.filter(({ name }) => !isLater(model, name, apiVersion))
      .map((spec) => [managementName(model, spec.name, version), spec]),
  );
  remembered.set(key, properties);
  return properties;
}

function knownProperties(model: BatchModelName, version: ModelVersion): PropertySpec[] {
  return [...propertiesByName(model, version).values()];
}

/** Properties that the data plane has nothing like, and this service does not act on, with the api-version that brought them. */
const MANAGEMENT_ONLY: Readonly<Record<string, string>> = {
  "VMDiskSecurityProfile.diskEncryptionSet": "2025-06-01",
};

function unbuiltProperty(name: string): Fault {
  return new Fault("NotImplemented", `This service does not act on '${name}' yet.`, {
    status: 501,
    values: [{ key: "PropertyName", value: name }],
  });
}

/** @param at its name, or the way to it */
export function unknownProperty(at: string): Fault {
  return new Fault("InvalidRequestBody", "", {
    values: [
      { key: "PropertyName", value: at.slice(at.lastIndexOf(".") + 1).slice(0, 256) },
      { key: "PropertyPath", value: at.slice(0, 1_024) },
      { key: "Reason", value: "The api-version knows no such property in a request." },
    ],
  });
}

const isObject = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);
