/**
 * What a container is told to be by management, and by which headers the Blob service is told the same. Pure. Source: "Blob Containers -
 * Create", "… - Update".
 */
import { invalidContent, type JsonObject, optionalObject, optionalWord } from "../management/json-body.ts";

export interface ContainerBody {
  /** Undefined when nothing was said of it: what is known stays. */
  readonly metadata?: Readonly<Record<string, string>>;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,1023}$/;
const VALUE = /^[\x20-\x7e]*$/;
/** Bytes of names and values together. Source: "Setting and retrieving properties and metadata for Blob Storage". */
const METADATA_MAX = 8 * 1024;
const OFF = [
  "defaultEncryptionScope",
  "denyEncryptionScopeOverride",
  "enableNfsV3RootSquash",
  "enableNfsV3AllSquash",
];
/** Shown by the service for a container with no encryption scope of its own. */
export const ACCOUNT_ENCRYPTION = "$account-encryption-key";

/** @throws Fault InvalidRequestContent naming the property */
export function containerBodyOf(body: JsonObject): ContainerBody {
  const properties = optionalObject(body, "properties") ?? {};
  const access = optionalWord(
    properties,
    "publicAccess",
    ["None", "Blob", "Container"],
    "properties.publicAccess",
  );
  if (access === "Blob" || access === "Container")
    throw invalidContent("properties.publicAccess", "must be None: public access is not built");
  for (const name of OFF) {
    const value = properties[name] ?? false;
    if (value !== false && value !== ACCOUNT_ENCRYPTION)
      throw invalidContent(`properties.${name}`, "cannot be set: it is not built");
  }
  const versioning = optionalObject(properties, "immutableStorageWithVersioning") ?? {};
  if ((versioning.enabled ?? false) !== false)
    throw invalidContent("properties.immutableStorageWithVersioning", "cannot be enabled: it is not built");
  const metadata = optionalObject(properties, "metadata", "properties.metadata");
  return metadata === undefined ? {} : { metadata: metadataOf(metadata) };
}

function metadataOf(given: JsonObject): Record<string, string> {
  const metadata: Record<string, string> = {};
  let length = 0;
  for (const [name, value] of Object.entries(given)) {
    const at = `properties.metadata.${name.slice(0, 64)}`;
    if (!NAME.test(name)) throw invalidContent(at, "must be a name of letters, digits and underscores");
    if (typeof value !== "string" || !VALUE.test(value))
      throw invalidContent(at, "must be printable ASCII text");
    length += name.length + value.length;
    metadata[name] = value;
  }
  if (length > METADATA_MAX)
    throw invalidContent("properties.metadata", `may have ${METADATA_MAX} characters at the most`);
  return metadata;
}

export const metadataHeaders = (metadata: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-ms-meta-${name}`, value]));
