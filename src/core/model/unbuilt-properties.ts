/**
 * Properties of request bodies that the protocol has and this service does not act on yet. Taken silently they would let a
 * program run without what it asked for, so they are refused by name. The list only shrinks.
 */
import { Fault } from "../fault.ts";
import { isKeyVaultExtension } from "./key-vault-extension.ts";

/** Of `extensions`, Key Vault's is taken: see `key-vault-extension.ts`. */
export const UNBUILT_PROPERTIES: ReadonlySet<string> = new Set([
  "containerConfiguration",
  "containerSettings",
  "customerManagedKey",
  "extensions",
  "mountConfiguration",
  "multiInstanceSettings",
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

function unbuiltPath(value: unknown): string[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const isEmpty = Array.isArray(member) && member.length === 0;
    if (UNBUILT_PROPERTIES.has(name) && !isEmpty) {
      if (name === "extensions" && Array.isArray(member) && member.every(isKeyVaultExtension)) continue;
      return [name];
    }
    const inner = unbuiltPath(member);
    if (inner) return [Array.isArray(value) ? `[${name}]` : name, ...inner];
  }
  return undefined;
}
