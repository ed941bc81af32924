/**
 * What a Batch account is told to be: read from the body of a create or an update, kept as JSON, completed with Azure's defaults when
 * it is read back. Pure; knows no store. Source: "Batch Account - Create", "Batch Account - Update".
 */
import { IP_RULES_MAX } from "../../wire/arm/limits.ts";
import { Fault } from "../fault.ts";
import {
  asObject,
  invalidContent,
  type JsonObject,
  optionalList,
  optionalObject,
  optionalWord,
  requiredText,
  wordOf,
} from "./json-body.ts";
import { type Tags, tagsOf } from "./tags.ts";

const AUTHENTICATION_MODES = ["SharedKey", "AAD", "TaskAuthenticationToken"] as const;
const ALLOCATION_MODES = ["BatchService", "UserSubscription"] as const;
const NETWORK_ACCESS = ["Enabled", "Disabled", "SecuredByPerimeter"] as const;
const ENDPOINT_ACTIONS = ["Allow", "Deny"] as const;
const AUTO_STORAGE_MODES = ["StorageKeys", "BatchAccountManagedIdentity"] as const;
const KEY_SOURCES = ["Microsoft.Batch", "Microsoft.KeyVault"] as const;

/** A way to sign in to the account's data plane. */
export type AuthenticationMode = (typeof AUTHENTICATION_MODES)[number];

export interface AccountSpec {
  readonly poolAllocationMode: (typeof ALLOCATION_MODES)[number];
  readonly allowedAuthenticationModes: readonly AuthenticationMode[];
  readonly publicNetworkAccess: (typeof NETWORK_ACCESS)[number];
  readonly tags: Tags;
  readonly networkProfile?: NetworkProfile;
  readonly keyVaultReference?: { readonly id: string; readonly url: string };
  readonly autoStorage?: AutoStorage;
  readonly encryption: Encryption;
  /** With which the account reads its key and its storage. None by default. */
  readonly identities: readonly AccountIdentity[];
  /** The account's own. Absent: it has none. */
  readonly systemIdentity?: { readonly principalId: string; readonly clientId: string };
}

/** A user-assigned identity as it was when the account got it. */
export interface AccountIdentity {
  readonly resourceId: string;
  readonly principalId: string;
  readonly clientId: string;
}

export interface AutoStorage {
  readonly storageAccountId: string;
  readonly authenticationMode: (typeof AUTO_STORAGE_MODES)[number];
  readonly nodeIdentityReference?: { readonly resourceId: string };
  /** ISO 8601. */
  readonly lastKeySync: string;
}

interface NetworkProfile {
  readonly accountAccess?: EndpointAccess;
  readonly nodeManagementAccess?: EndpointAccess;
}

interface EndpointAccess {
  readonly defaultAction: (typeof ENDPOINT_ACTIONS)[number];
  readonly ipRules: readonly { readonly action: "Allow"; readonly value: string }[];
}

interface Encryption {
  readonly keySource: (typeof KEY_SOURCES)[number];
  readonly keyVaultProperties?: { readonly keyIdentifier: string };
}

/** Accounts whose nodes lie in the user's subscription take no shared key. */
const DEFAULT_MODES: Record<AccountSpec["poolAllocationMode"], readonly AuthenticationMode[]> = {
  BatchService: AUTHENTICATION_MODES,
  UserSubscription: ["AAD", "TaskAuthenticationToken"],
};

const DEFAULTS: AccountSpec = {
  poolAllocationMode: "BatchService",
  allowedAuthenticationModes: DEFAULT_MODES.BatchService,
  publicNetworkAccess: "Enabled",
  tags: {},
  encryption: { keySource: "Microsoft.Batch" },
  identities: [],
};

/** @param stored JSON; `{}` is an account of which nothing was said */
export function storedAccountSpec(stored: string): AccountSpec {
  return { ...DEFAULTS, ...JSON.parse(stored) };
}

/**
 * A new account, or an existing one that is described anew.
 * @param now ISO 8601: when the keys of its storage were first fetched
 * @param identities those that the body names
 * @throws Fault naming the property
 */
export function createdAccountSpec(
  body: JsonObject,
  now: string,
  identities?: readonly AccountIdentity[],
): AccountSpec {
  const properties = optionalObject(body, "properties") ?? {};
  const poolAllocationMode =
    optionalWord(properties, "poolAllocationMode", ALLOCATION_MODES, "properties.poolAllocationMode") ??
    "BatchService";
  const keyVaultReference = keyVaultReferenceOf(properties);
  if (poolAllocationMode === "UserSubscription" && keyVaultReference === undefined) {
    throw new Fault("InvalidRequestBody", "", {
      values: [
        {
          key: "Reason",
          value: "keyVaultReference must be set where poolAllocationMode is 'UserSubscription'",
        },
      ],
    });
  }
  const base = {
    ...DEFAULTS,
    poolAllocationMode,
    allowedAuthenticationModes: DEFAULT_MODES[poolAllocationMode],
    ...(keyVaultReference && { keyVaultReference }),
  };
  return updatedAccountSpec(base, body, now, identities);
}

/** What the body does not mention stays. @throws Fault naming the property */
export function updatedAccountSpec(
  spec: AccountSpec,
  body: JsonObject,
  now: string,
  identities = spec.identities,
): AccountSpec {
  const properties = optionalObject(body, "properties") ?? {};
  const tags = tagsOf(body);
  const modes = modesOf(properties, spec.poolAllocationMode);
  const publicNetworkAccess = optionalWord(
    properties,
    "publicNetworkAccess",
    NETWORK_ACCESS,
    "properties.publicNetworkAccess",
  );
  const networkProfile = networkProfileOf(properties);
  const encryption = encryptionOf(properties) ?? spec.encryption;
  if (encryption.keySource === "Microsoft.KeyVault" && identities.length === 0) {
    throw invalidContent("properties.encryption", "needs an identity of the account that can read the key");
  }
  const autoStorage = autoStorageOf(properties, now);
  return {
    ...spec,
    ...(tags && { tags }),
    ...(modes && { allowedAuthenticationModes: modes }),
    ...(publicNetworkAccess && { publicNetworkAccess }),
    ...(networkProfile && { networkProfile }),
    encryption,
    identities,
    ...(autoStorage && { autoStorage }),
  };
}

/** The keys of the account's storage are fetched again. @throws Fault when it has none */
export function autoStorageSynced(spec: AccountSpec, now: string): AccountSpec {
  const { autoStorage } = spec;
  if (autoStorage === undefined) {
    throw new Fault("AutoStorageAccountNotConfigured", "The account has no auto-storage account.", {
      status: 409,
    });
  }
  return { ...spec, autoStorage: { ...autoStorage, lastKeySync: now } };
}

function modesOf(
  properties: JsonObject,
  allocation: AccountSpec["poolAllocationMode"],
): readonly AuthenticationMode[] | undefined {
  const at = "properties.allowedAuthenticationModes";
  const given = optionalList(properties, "allowedAuthenticationModes", at);
  if (given === undefined) return undefined;
  const wanted = new Set(given.map((mode) => wordOf(mode, AUTHENTICATION_MODES, at)));
  if (allocation === "UserSubscription" && wanted.has("SharedKey")) {
    throw invalidContent(at, "may not hold SharedKey: UserSubscription accounts take no shared key");
  }
  return AUTHENTICATION_MODES.filter((mode) => wanted.has(mode));
}

function keyVaultReferenceOf(properties: JsonObject): AccountSpec["keyVaultReference"] {
  const at = "properties.keyVaultReference";
  const given = optionalObject(properties, "keyVaultReference", at);
  if (given === undefined) return undefined;
  const id = requiredText(given, "id", `${at}.id`);
  checkResourceId(id, "Microsoft.KeyVault/vaults", `${at}.id`);
  const url = requiredText(given, "url", `${at}.url`);
  // Azure's own examples have http, too.
  if (!/^https?:\/\/[\w.-]+\/?$/.test(url)) throw invalidContent(`${at}.url`, "must be the vault's URL");
  return { id, url };
}

function autoStorageOf(properties: JsonObject, now: string): AutoStorage | undefined {
  const at = "properties.autoStorage";
  const given = optionalObject(properties, "autoStorage", at);
  if (given === undefined) return undefined;
  const storageAccountId = requiredText(given, "storageAccountId", `${at}.storageAccountId`);
  checkResourceId(storageAccountId, "Microsoft.Storage/storageAccounts", `${at}.storageAccountId`);
  const authenticationMode =
    optionalWord(given, "authenticationMode", AUTO_STORAGE_MODES, `${at}.authenticationMode`) ??
    "StorageKeys";
  const reference = optionalObject(given, "nodeIdentityReference", `${at}.nodeIdentityReference`);
  const resourceId =
    reference && requiredText(reference, "resourceId", `${at}.nodeIdentityReference.resourceId`);
  if (resourceId !== undefined)
    checkResourceId(
      resourceId,
      "Microsoft.ManagedIdentity/userAssignedIdentities",
      `${at}.nodeIdentityReference.resourceId`,
    );
  return {
    storageAccountId,
    authenticationMode,
    ...(resourceId !== undefined && { nodeIdentityReference: { resourceId } }),
    lastKeySync: now,
  };
}

function networkProfileOf(properties: JsonObject): NetworkProfile | undefined {
  const at = "properties.networkProfile";
  const given = optionalObject(properties, "networkProfile", at);
  if (given === undefined) return undefined;
  const accountAccess = endpointAccessOf(given, "accountAccess", at);
  const nodeManagementAccess = endpointAccessOf(given, "nodeManagementAccess", at);
  return { ...(accountAccess && { accountAccess }), ...(nodeManagementAccess && { nodeManagementAccess }) };
}

function endpointAccessOf(profile: JsonObject, name: string, parent: string): EndpointAccess | undefined {
  const at = `${parent}.${name}`;
  const given = optionalObject(profile, name, at);
  if (given === undefined) return undefined;
  const rules = optionalList(given, "ipRules", `${at}.ipRules`) ?? [];
  if (rules.length > IP_RULES_MAX) throw invalidContent(`${at}.ipRules`, `may hold ${IP_RULES_MAX} rules`);
  return {
    defaultAction: wordOf(given.defaultAction, ENDPOINT_ACTIONS, `${at}.defaultAction`),
    ipRules: rules.map((rule, index) => {
      const here = `${at}.ipRules[${index}]`;
      const { action, value } = asObject(rule, here);
      if (typeof value !== "string" || !/^\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?$/.test(value)) {
        throw invalidContent(`${here}.value`, "must be an IPv4 address or a range in CIDR notation");
      }
      return { action: wordOf(action, ["Allow"], `${here}.action`), value };
    }),
  };
}

function encryptionOf(properties: JsonObject): Encryption | undefined {
  const at = "properties.encryption";
  const given = optionalObject(properties, "encryption", at);
  if (given === undefined) return undefined;
  const keySource = optionalWord(given, "keySource", KEY_SOURCES, `${at}.keySource`) ?? "Microsoft.Batch";
  if (keySource === "Microsoft.Batch") return { keySource };
  const vault = asObject(given.keyVaultProperties ?? {}, `${at}.keyVaultProperties`);
  const here = `${at}.keyVaultProperties.keyIdentifier`;
  const keyIdentifier = requiredText(vault, "keyIdentifier", here);
  if (!/^https:\/\/[\w.-]+\/keys\/[\w-]+(\/\w+)?$/.test(keyIdentifier)) {
    throw invalidContent(here, "must be the https URL of a key");
  }
  return { keySource, keyVaultProperties: { keyIdentifier } };
}

/** Of a value that somebody sent, in an error's text. */
const SHOWN_CHARACTERS = 256;

function checkResourceId(id: string, type: string, at: string): void {
  const [, found] =
    /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/([^/]+\/[^/]+)\/[^/]+$/i.exec(id) ?? [];
  if (found?.toLowerCase() === type.toLowerCase()) return;
  const isQualified = /^\/(subscriptions|providers)\/[^/]/i.test(id);
  const expected = isQualified
    ? `resource id of ${type}`
    : "fully qualified resource Id that start with '/subscriptions/{subscriptionId}' or '/providers/{resourceProviderNamespace}/'";
  const message = `Property id '${id.slice(0, SHOWN_CHARACTERS)}' at path '${at}' is invalid. Expect ${expected}.`;
  throw new Fault("LinkedInvalidPropertyId", message, { status: 400 });
}
