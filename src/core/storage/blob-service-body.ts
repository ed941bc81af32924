/**
 * What an account's Blob service is told to be by management: rules for scripts and its default version are done by the service itself,
 * everything else may be there as long as it is switched off. Pure. Source: "Blob Services - Set Blob Service Properties".
 */
import {
  asObject,
  invalidContent,
  type JsonObject,
  optionalList,
  optionalObject,
  optionalText,
} from "../management/json-body.ts";
import { element, xmlDocument } from "../xml/xml-text.ts";
import type { CorsRule } from "./cors.ts";

export interface BlobServiceBody {
  /** Undefined: as they are. */
  readonly corsRules: readonly CorsRule[] | undefined;
  readonly defaultServiceVersion: string | undefined;
}

/** By setting, the part of it that switches it on. */
const SWITCHES: Readonly<Record<string, string>> = {
  deleteRetentionPolicy: "enabled",
  containerDeleteRetentionPolicy: "enabled",
  changeFeed: "enabled",
  restorePolicy: "enabled",
  lastAccessTimeTrackingPolicy: "enable",
  // Of the other services.
  shareDeleteRetentionPolicy: "enabled",
};
const FLAGS = ["isVersioningEnabled", "automaticSnapshotPolicyEnabled"];

/** @throws Fault InvalidRequestContent naming the property */
export function blobServiceBodyOf(body: JsonObject): BlobServiceBody {
  const properties = optionalObject(body, "properties") ?? {};
  requireSwitchedOff(properties);
  const version = optionalText(properties, "defaultServiceVersion", "properties.defaultServiceVersion") ?? "";
  if (version !== "" && !/^\d{4}-\d{2}-\d{2}$/.test(version))
    throw invalidContent("properties.defaultServiceVersion", "must be a version's date");
  return { corsRules: corsRulesOf(properties), defaultServiceVersion: version || undefined };
}

/** Of the services that no account has here: nothing of them can be set. @throws Fault InvalidRequestContent naming the property */
export function requireNothingSet(body: JsonObject): void {
  const properties = optionalObject(body, "properties") ?? {};
  requireSwitchedOff(properties);
  if ((corsRulesOf(properties) ?? []).length > 0)
    throw invalidContent("properties.cors", "must be empty: only the Blob service stands behind an account");
}

function requireSwitchedOff(properties: JsonObject): void {
  for (const [name, part] of Object.entries(SWITCHES)) {
    const at = `properties.${name}`;
    if ((optionalObject(properties, name, at)?.[part] ?? false) !== false)
      throw invalidContent(`${at}.${part}`, "must be false: it is not built");
  }
  for (const name of FLAGS) {
    if ((properties[name] ?? false) !== false)
      throw invalidContent(`properties.${name}`, "must be false: it is not built");
  }
}

const METHODS = ["DELETE", "GET", "HEAD", "MERGE", "POST", "OPTIONS", "PUT", "PATCH", "CONNECT", "TRACE"];
const RULES_MAX = 5;
const ITEMS_MAX = 64;
const ITEM_MAX = 256;
const AGE_MAX = 2_147_483_647;

function corsRulesOf(properties: JsonObject): CorsRule[] | undefined {
  const cors = optionalObject(properties, "cors", "properties.cors");
  if (cors === undefined) return undefined;
  const at = "properties.cors.corsRules";
  const rules = optionalList(cors, "corsRules", at) ?? [];
  if (rules.length > RULES_MAX) throw invalidContent(at, `may have ${RULES_MAX} rules at the most`);
  return rules.map((rule, index) => {
    const here = `${at}[${index}]`;
    const given = asObject(rule, here);
    const methods = texts(given, "allowedMethods", here).map((method) => method.toUpperCase());
    const other = methods.find((method) => !METHODS.includes(method));
    if (other !== undefined)
      throw invalidContent(`${here}.allowedMethods`, `has no method ${other.slice(0, 32)}`);
    const maxAgeSeconds = given.maxAgeInSeconds ?? 0;
    if (typeof maxAgeSeconds !== "number" || !(maxAgeSeconds >= 0 && maxAgeSeconds <= AGE_MAX))
      throw invalidContent(`${here}.maxAgeInSeconds`, "must be a number of seconds");
    return {
      origins: texts(given, "allowedOrigins", here),
      methods,
      headers: texts(given, "allowedHeaders", here),
      exposed: texts(given, "exposedHeaders", here),
      maxAgeSeconds,
    };
  });
}

function texts(rule: JsonObject, name: string, at: string): string[] {
  const list = optionalList(rule, name, `${at}.${name}`) ?? [];
  const isRight = list.every(
    (item) => typeof item === "string" && item.length <= ITEM_MAX && !item.includes(","),
  );
  if (list.length > ITEMS_MAX || !isRight)
    throw invalidContent(`${at}.${name}`, `must be ${ITEMS_MAX} texts at the most, without commas`);
  return list as string[];
}

/** The Blob service's own document. What it does not name stays. Source: "Set Blob Service Properties". */
export function servicePropertiesXml({ corsRules, defaultServiceVersion }: BlobServiceBody): string {
  const rules = corsRules?.map(
    ({ origins, methods, headers, exposed, maxAgeSeconds }) =>
      `<CorsRule>${element("AllowedOrigins", origins.join(","))}${element("AllowedMethods", methods.join(","))}` +
      `${element("AllowedHeaders", headers.join(","))}${element("ExposedHeaders", exposed.join(","))}` +
      `${element("MaxAgeInSeconds", String(maxAgeSeconds))}</CorsRule>`,
  );
  return xmlDocument(
    "StorageServiceProperties",
    [
      ...(rules ? [`<Cors>${rules.join("")}</Cors>`] : []),
      ...(defaultServiceVersion === undefined
        ? []
        : [element("DefaultServiceVersion", defaultServiceVersion)]),
    ].join(""),
  );
}
