/**
 * What a caller of management wants signed by an account's key. Pure. Sources: "Storage Accounts - List Account SAS", "Storage Accounts -
 * List Service SAS".
 */
import {
  invalidContent,
  type JsonObject,
  optionalText,
  optionalWord,
  requiredText,
} from "../management/json-body.ts";
import { OWN_SAS_VERSION, type SasTarget, sasFormProblem } from "./sas.ts";

export interface SasRequest {
  readonly kind: "account" | "service";
  readonly target: SasTarget;
  readonly fields: Readonly<Record<string, string>>;
  /** 0 for `key1`. */
  readonly keyIndex: 0 | 1;
}

/** By the name of the body's property, the signature's. */
const COMMON = {
  signedPermission: "sp",
  signedStart: "st",
  signedExpiry: "se",
  signedIp: "sip",
  signedProtocol: "spr",
} as const;
const OF_ACCOUNT = { ...COMMON, signedServices: "ss", signedResourceTypes: "srt" } as const;
const OF_SERVICE = {
  ...COMMON,
  signedIdentifier: "si",
  signedResource: "sr",
  ...{ rscc: "rscc", rscd: "rscd", rsce: "rsce", rscl: "rscl", rsct: "rsct" },
} as const;
const UNBUILT = ["startPk", "endPk", "startRk", "endRk"];
const FIELD_MAX = 256;

/** @throws Fault InvalidRequestContent naming the property */
export function accountSasRequest(account: string, body: JsonObject): SasRequest {
  for (const name of ["signedServices", "signedResourceTypes", "signedPermission", "signedExpiry"])
    requiredText(body, name);
  return requestOf("account", { account }, fieldsOf(body, OF_ACCOUNT), body);
}

/** @throws Fault InvalidRequestContent naming the property */
export function serviceSasRequest(account: string, body: JsonObject): SasRequest {
  const [blank, service, named, container = "", ...blob] = requiredText(body, "canonicalizedResource").split(
    "/",
  );
  if (blank !== "" || service !== "blob" || named !== account || container === "")
    throw invalidContent("canonicalizedResource", `must begin with /blob/${account}/ and name a container`);
  for (const name of UNBUILT) {
    if (body[name] !== undefined && body[name] !== null)
      throw invalidContent(name, "cannot be set: only the Blob service stands behind an account");
  }
  const resource = optionalWord(body, "signedResource", ["b", "c"]) ?? (blob.length > 0 ? "b" : "c");
  if (resource === "b" && blob.length === 0)
    throw invalidContent("canonicalizedResource", "must name a blob for signedResource b");
  const target = { account, container, ...(resource === "b" && { blob: blob.join("/") }) };
  return requestOf("service", target, { ...fieldsOf(body, OF_SERVICE), sr: resource }, body);
}

function requestOf(
  kind: SasRequest["kind"],
  target: SasTarget,
  given: Readonly<Record<string, string>>,
  body: JsonObject,
): SasRequest {
  const fields = { sv: OWN_SAS_VERSION, ...given };
  const problem = sasFormProblem(kind, (name) => (fields as Record<string, string>)[name]);
  if (problem !== undefined)
    throw invalidContent("the signature", `would be none. ${problem.replace(/\.$/, "")}`);
  const key = optionalWord(body, "keyToSign", ["key1", "key2"]) ?? "key1";
  return { kind, target, fields, keyIndex: key === "key1" ? 0 : 1 };
}

function fieldsOf(body: JsonObject, names: Readonly<Record<string, string>>): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [property, field] of Object.entries(names)) {
    const text = optionalText(body, property) ?? "";
    if (text.length > FIELD_MAX)
      throw invalidContent(property, `may have ${FIELD_MAX} characters at the most`);
    const isTime = field === "st" || field === "se";
    if (text !== "") fields[field] = isTime ? timeOf(text, property) : text;
  }
  return fields;
}

/** Signatures name seconds; clients write more. */
function timeOf(text: string, at: string): string {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw invalidContent(at, "must be a time by ISO 8601");
  return `${time.toISOString().slice(0, 19)}Z`;
}
