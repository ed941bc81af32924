/**
 * Properties of request bodies that the protocol has and this service does not act on yet. Taken silently they would let a
 * program run without what it asked for, so they are refused by name. The list only shrinks.
 */
import type { ProxyAgentSettings } from "../../wire/batch/models-types.gen.ts";
import { Fault } from "../fault.ts";
import { isKeyVaultExtension } from "./key-vault-extension.ts";

/**
 * By name, or by the name of what they belong to as well. Of `extensions`, Key Vault's is taken: see `key-vault-extension.ts`.
 */
export const UNBUILT_PROPERTIES: ReadonlySet<string> = new Set([
  "customerManagedKey",
  "diskEncryptionSet",
  "extensions",
  "hardwareProfile",
  "imageUris",
  "inVMAccessControlProfileReferenceId",
  "multiInstanceSettings",
  "resiliencyPolicy",
  "userAccounts.sshPrivateKey",
  "virtualMachineConfiguration.placement",
  "vmSkuProfile",
]);

/**
 * @param body checked against its model already; an empty list asks for nothing
 * @throws Fault NotImplemented naming the first of them
 */
export function refuseUnbuiltProperties(body: unknown): void {
  const path = unbuiltPath(body);
  if (path === undefined) return;
  const name = path.at(-1) ?? "";
  throw new Fault("NotImplemented", `This service does not act on '${name}' yet.`, {
    values: [
      { key: "PropertyName", value: name },
      { key: "PropertyPath", value: path.join(".").replaceAll(".[", "[") },
    ],
  });
}

/** Its endpoints' settings are kept for the day that it is switched on. */
function isSwitchedOff(name: string, member: unknown): boolean {
  return name === "proxyAgentSettings" && (member as ProxyAgentSettings).enabled !== true;
}

/** What a member asks for is done anyway: nothing, or what nodes have. */
function asksNothing(name: string, member: unknown): boolean {
  if (!Array.isArray(member)) return false;
  if (name === "extensions") return member.every(isKeyVaultExtension);
  return member.length === 0;
}

/** @param owner the property that holds the value, itself or in a list */
function unbuiltPath(value: unknown, owner = ""): string[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const isUnbuilt = UNBUILT_PROPERTIES.has(name) || UNBUILT_PROPERTIES.has(`${owner}.${name}`);
    if (isUnbuilt && !asksNothing(name, member)) return [name];
    if (isUnbuilt || isSwitchedOff(name, member)) continue;
    const inner = unbuiltPath(member, Array.isArray(value) ? owner : name);
    if (inner) return [Array.isArray(value) ? `[${name}]` : name, ...inner];
  }
  return undefined;
}
