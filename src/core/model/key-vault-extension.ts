/**
 * Rotation of certificates, as a pool asks for it: Key Vault's virtual machine extension, which acts as one of the pool's identities.
 * It is checked and kept as it was given; there is no Key Vault here, and nothing fetches certificates. Pure. Sources: "Enable
 * automatic certificate rotation in a Batch pool"; "Key Vault virtual machine extension for Linux".
 */
import type { VMExtension } from "../../wire/batch/models-types.gen.ts";
import { Fault } from "../fault.ts";
import { isGuid } from "../guid.ts";

const PUBLISHER = "microsoft.azure.keyvault";
const TYPES = new Set(["keyvaultforlinux", "keyvaultforwindows"]);
const CERTIFICATE_URL = /^https:\/\/[\w.-]+\/secrets\/[\w-]+(\/\w+)?$/;
const METADATA_URL = "http://169.254.169.254/metadata/identity";
type Json = Readonly<Record<string, unknown>>;

/** @param extension of a body that may hold anything */
export function isKeyVaultExtension(extension: unknown): boolean {
  if (typeof extension !== "object" || extension === null) return false;
  const { publisher, type } = extension as Partial<Record<keyof VMExtension, unknown>>;
  return (
    typeof publisher === "string" &&
    typeof type === "string" &&
    publisher.toLowerCase() === PUBLISHER &&
    TYPES.has(type.toLowerCase())
  );
}

/**
 * @param clientIds of the identities that the pool is to have
 * @throws Fault InvalidPropertyValue naming the property
 */
export function checkKeyVaultExtensions(
  extensions: readonly VMExtension[],
  clientIds: readonly string[],
): void {
  const names = extensions.map(({ name }) => name.toLowerCase());
  if (new Set(names).size < names.length) throw invalid("name", "Two extensions of the pool have this name.");
  for (const { settings } of extensions.filter(isKeyVaultExtension)) checkSettings(settings, clientIds);
}

function checkSettings(settings: unknown, clientIds: readonly string[]): void {
  const all = asObject(settings, "settings");
  const secrets = asObject(all.secretsManagementSettings, "secretsManagementSettings");
  checkObserved(secrets.observedCertificates);
  const { pollingIntervalInS: interval, requireInitialSync: sync, certificateStoreLocation: store } = secrets;
  if (interval !== undefined && !/^[1-9]\d{0,8}$/.test(String(interval)))
    throw invalid("pollingIntervalInS", "It is a number of seconds.");
  if (sync !== undefined && typeof sync !== "boolean")
    throw invalid("requireInitialSync", "It is true or false.");
  if (store !== undefined && typeof store !== "string")
    throw invalid("certificateStoreLocation", "It is a text.");
  const { msiEndpoint, msiClientId } = asObject(all.authenticationSettings, "authenticationSettings");
  if (msiEndpoint !== METADATA_URL) throw invalid("msiEndpoint", `It is ${METADATA_URL}.`);
  if (typeof msiClientId !== "string" || !isGuid(msiClientId))
    throw invalid("msiClientId", "It is the client id of an identity.");
  if (!clientIds.some((id) => id.toLowerCase() === msiClientId.toLowerCase()))
    throw invalid("msiClientId", "The pool does not have an identity of this client id.");
}

/** URLs, or from version 3 of the extension on objects that have one. */
function checkObserved(observed: unknown): void {
  if (!Array.isArray(observed) || observed.length === 0)
    throw invalid("observedCertificates", "It lists one URL at least.");
  for (const each of observed) {
    const url = typeof each === "object" && each !== null ? (each as Json).url : each;
    if (typeof url !== "string" || !CERTIFICATE_URL.test(url))
      throw invalid("observedCertificates", "A URL of a certificate is https://<vault>/secrets/<name>.");
  }
}

/** Clients give settings as an object, or as a text that holds one. */
function asObject(value: unknown, name: string): Json {
  const given = typeof value === "string" ? parsed(value) : value;
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw invalid(name, "It is an object, and certificates are not rotated without it.");
  return given as Json;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function invalid(property: string, reason: string): Fault {
  return new Fault("InvalidPropertyValue", "", {
    values: [
      { key: "PropertyName", value: property },
      { key: "Reason", value: reason },
    ],
  });
}
