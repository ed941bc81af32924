/**
 * The settings of a storage account, each one on one of four lists: done, kept and shown, refused where it asks for what is not built, or
 * read-only. One on none is refused by its name. Pure. Source: "Storage Accounts - Create", "… - Update".
 */
import {
  asObject,
  invalidContent,
  type JsonObject,
  optionalList,
  optionalObject,
  optionalText,
  optionalWord,
} from "../management/json-body.ts";
import { netOf } from "./network-rules.ts";

/** Reads one setting. @returns what is kept of it. @throws Fault InvalidRequestContent */
type Reader = (value: unknown, at: string) => unknown;

const flag: Reader = (value, at) => {
  if (typeof value === "boolean") return value;
  throw invalidContent(at, "must be true or false");
};

const word =
  (...words: readonly string[]): Reader =>
  (value, at) =>
    optionalWord({ value }, "value", words, at);

/** One of the words, the others being known and not built. */
const wordButNot =
  (words: readonly string[], unbuilt: readonly string[], why: string): Reader =>
  (value, at) => {
    const given = optionalWord({ value }, "value", [...words, ...unbuilt], at);
    if (given !== undefined && unbuilt.includes(given))
      throw invalidContent(at, `cannot be ${given}: ${why}`);
    return given;
  };

const must =
  (expected: boolean, why: string): Reader =>
  (value, at) => {
    if (flag(value, at) === expected) return expected;
    throw invalidContent(at, `must be ${expected}: ${why}`);
  };

/** An object that may be there as long as no part of it is switched on. */
const switchedOff =
  (why: string): Reader =>
  (value, at) => {
    if (isSwitchedOff(value, 0)) return value;
    throw invalidContent(at, `cannot be set: ${why}`);
  };

const OFF = ["", "none", "disabled", "any"];
const DEPTH_MAX = 8;

function isSwitchedOff(value: unknown, depth: number): boolean {
  if (depth > DEPTH_MAX) return false;
  if (value === null || value === undefined || value === false) return true;
  if (typeof value === "string") return OFF.includes(value.toLowerCase());
  if (typeof value !== "object") return false;
  return Object.values(value).every((part) => isSwitchedOff(part, depth + 1));
}

const NO_FILES = "only the Blob service stands behind an account.";
const NO_FOLDERS = "namespaces of folders are not built.";

const SETTINGS: Readonly<Record<string, Reader>> = {
  // Done.
  allowSharedKeyAccess: flag,
  allowBlobPublicAccess: must(false, "public access is not built."),
  supportsHttpsTrafficOnly: must(true, "plain http is always refused."),
  publicNetworkAccess: word("Enabled", "Disabled", "SecuredByPerimeter"),
  networkAcls: readNetworkAcls,
  allowCrossTenantDelegationSas: must(false, "a user's signatures are of the account's tenant."),
  allowCrossTenantReplication: flag,
  // Kept and shown.
  accessTier: word("Hot", "Cool", "Premium", "Cold", "Smart"),
  defaultToOAuthAuthentication: flag,
  dnsEndpointType: wordButNot(["Standard"], ["AzureDnsZone"], "addresses have no zones."),
  isLocalUserEnabled: flag,
  keyPolicy: readKeyPolicy,
  largeFileSharesState: word("Disabled", "Enabled"),
  minimumTlsVersion: wordButNot(["TLS1_0", "TLS1_1", "TLS1_2"], ["TLS1_3"], "TLS 1.2 is taken as well."),
  routingPreference: readRouting,
  sasPolicy: readSasPolicy,
  encryption: readEncryption,
  // Refused as unbuilt.
  allowedCopyScope: wordButNot(["All"], ["AAD", "PrivateLink"], "copies are made of all accounts here."),
  allowSharedKeyAccessForServices: switchedOff("allowSharedKeyAccess is for all services."),
  azureFilesIdentityBasedAuthentication: switchedOff(NO_FILES),
  customDomain: switchedOff("an account has its own names alone."),
  dataCollaborationPolicyProperties: switchedOff("it is not built."),
  dualStackEndpointPreference: switchedOff("endpoints have no names for IPv6."),
  enableExtendedGroups: must(false, NO_FILES),
  geoPriorityReplicationStatus: switchedOff("nothing is replicated."),
  immutableStorageWithVersioning: switchedOff("immutability is not built."),
  isHnsEnabled: must(false, NO_FOLDERS),
  isNfsV3Enabled: must(false, NO_FILES),
  isSftpEnabled: must(false, NO_FOLDERS),
  turboTier: switchedOff("it is not built."),
};

/** Clients send back what they were shown. */
const READ_ONLY: ReadonlySet<string> = new Set([
  ...[
    "accountMigrationInProgress",
    "blobRestoreStatus",
    "creationTime",
    "failoverInProgress",
    "geoReplicationStats",
  ],
  ...[
    "isSkuConversionBlocked",
    "keyCreationTime",
    "lastGeoFailoverTime",
    "primaryEndpoints",
    "primaryLocation",
  ],
  ...["privateEndpointConnections", "provisioningState", "secondaryEndpoints", "secondaryLocation"],
  ...["statusOfPrimary", "statusOfSecondary", "storageAccountSkuConversionStatus", "accountType"],
]);

/** @returns the known settings with those that are given. @throws Fault InvalidRequestContent naming the property */
export function accountSettingsOf(known: JsonObject, properties: JsonObject): JsonObject {
  const settings: Record<string, unknown> = { ...known };
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || READ_ONLY.has(name)) continue;
    const at = `properties.${name}`;
    if (!Object.hasOwn(SETTINGS, name)) throw invalidContent(at, "is no setting of a storage account");
    const kept = SETTINGS[name]?.(value, at);
    if (kept !== undefined) settings[name] = kept;
  }
  return settings;
}

const BYPASSES = ["None", "Logging", "Metrics", "AzureServices"] as const;
const RULES_MAX = 400;

function readNetworkAcls(value: unknown, at: string): JsonObject {
  const acls = asObject(value, at);
  for (const name of ["virtualNetworkRules", "resourceAccessRules", "ipv6Rules"]) {
    const rules = optionalList(acls, name, `${at}.${name}`) ?? [];
    if (rules.length > 0)
      throw invalidContent(`${at}.${name}`, "must be empty: addresses of IPv4 alone are let in");
  }
  const rules = optionalList(acls, "ipRules", `${at}.ipRules`) ?? [];
  if (rules.length > RULES_MAX)
    throw invalidContent(`${at}.ipRules`, `may have ${RULES_MAX} rules at the most`);
  const ipRules = rules.map((rule, index) => {
    const here = `${at}.ipRules[${index}]`;
    const text = optionalText(asObject(rule, here), "value", `${here}.value`) ?? "";
    if (netOf(text) === undefined)
      throw invalidContent(`${here}.value`, "must be an IPv4 address or a range in CIDR notation");
    return { value: text, action: "Allow" };
  });
  const bypass = optionalText(acls, "bypass", `${at}.bypass`) || "AzureServices";
  const words = bypass.split(",").map((part) => word(...BYPASSES)(part.trim(), `${at}.bypass`));
  const defaultAction = word("Allow", "Deny")(acls.defaultAction, `${at}.defaultAction`);
  if (defaultAction === undefined) throw invalidContent(`${at}.defaultAction`, "is required");
  return {
    bypass: words.join(", "),
    defaultAction,
    ipRules,
    virtualNetworkRules: [],
    resourceAccessRules: [],
  };
}

function readKeyPolicy(value: unknown, at: string): JsonObject {
  const days = asObject(value, at).keyExpirationPeriodInDays;
  if (Number.isInteger(days)) return { keyExpirationPeriodInDays: days };
  throw invalidContent(`${at}.keyExpirationPeriodInDays`, "must be a whole number");
}

function readRouting(value: unknown, at: string): JsonObject {
  const routing = asObject(value, at);
  const choice = optionalWord(
    routing,
    "routingChoice",
    ["MicrosoftRouting", "InternetRouting"],
    `${at}.routingChoice`,
  );
  for (const name of ["publishMicrosoftEndpoints", "publishInternetEndpoints"]) {
    must(false, "an account has one endpoint.")(routing[name] ?? false, `${at}.${name}`);
  }
  return {
    routingChoice: choice ?? "MicrosoftRouting",
    publishMicrosoftEndpoints: false,
    publishInternetEndpoints: false,
  };
}

function readSasPolicy(value: unknown, at: string): JsonObject {
  const policy = asObject(value, at);
  const action = wordButNot(["Log"], ["Block"], "signatures of any length are taken.");
  return {
    sasExpirationPeriod: optionalText(policy, "sasExpirationPeriod", `${at}.sasExpirationPeriod`) ?? "",
    expirationAction: action(policy.expirationAction ?? "Log", `${at}.expirationAction`),
  };
}

function readEncryption(value: unknown, at: string): JsonObject | undefined {
  const encryption = asObject(value, at);
  const source = wordButNot(["Microsoft.Storage"], ["Microsoft.Keyvault"], "keys of a vault are not built.");
  source(encryption.keySource ?? "Microsoft.Storage", `${at}.keySource`);
  for (const name of ["keyvaultproperties", "identity"]) {
    const given = optionalObject(encryption, name, `${at}.${name}`) ?? {};
    switchedOff("keys of a vault are not built.")(given, `${at}.${name}`);
  }
  const extra = encryption.requireInfrastructureEncryption ?? false;
  must(false, "nothing is encrypted twice.")(extra, `${at}.requireInfrastructureEncryption`);
  return undefined;
}
