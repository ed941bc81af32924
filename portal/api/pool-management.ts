/**
 * A pool for Resource Manager, which alone gives pools identities: the Batch service's body under management's names. Source: the
 * descriptions of both in `src/wire/arm/pool-model.ts`.
 */
import { MANAGEMENT_WORDS, POOL_PROPERTY_PATHS, RENAMED_PROPERTIES } from "../../src/wire/arm/pool-model.ts";

type Values = Readonly<Record<string, unknown>>;

/** The kind of word that each property takes; all other texts are the user's own. */
const WORDS: Readonly<Record<string, string>> = {
  elevationLevel: "ElevationLevel",
  scope: "AutoUserScope",
  nodeFillType: "ComputeNodeFillType",
  loginMode: "LoginMode",
  caching: "CachingType",
  workingDirectory: "ContainerWorkingDirectory",
  targetNodeCommunicationMode: "NodeCommunicationMode",
};

/** By the property's own name; none of these is another model's name for something else. */
const RENAMED = new Map(
  Object.entries(RENAMED_PROPERTIES)
    .filter(([path]) => !path.startsWith("ApplicationPackageReference."))
    .map(([path, name]) => [path.slice(path.indexOf(".") + 1), name]),
);

/**
 * @param account its resource id: what the pool refers to lies below it
 * @param identities resource ids
 */
export function managementPool(body: Values, account: string, identities: readonly string[]): object {
  const properties = {};
  for (const [name, value] of Object.entries(body)) {
    // The name stands in the address; whether it is scaled says the formula.
    if (name === "id" || name === "enableAutoScale") continue;
    const path = POOL_PROPERTY_PATHS[name];
    if (path === undefined) throw new Error(`A pool with identities cannot be given ${name} here.`);
    put(properties, path, managed(name, value, account));
  }
  return {
    identity: {
      type: "UserAssigned",
      userAssignedIdentities: Object.fromEntries(identities.map((identity) => [identity, {}])),
    },
    properties,
  };
}

function managed(name: string, value: unknown, account: string): unknown {
  if (name === "enableInterNodeCommunication") return value === true ? "Enabled" : "Disabled";
  if (name === "applicationPackageReferences")
    return (value as readonly Values[]).map(({ applicationId, version }) => ({
      id: `${account}/applications/${applicationId}`,
      ...(version !== undefined && { version }),
    }));
  if (name === "certificateReferences")
    return (value as readonly Values[]).map(({ thumbprint, thumbprintAlgorithm, ...reference }) => ({
      id: `${account}/certificates/${thumbprintAlgorithm}-${thumbprint}`,
      ...(renamed(reference) as object),
    }));
  return renamed(value);
}

function renamed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renamed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [RENAMED.get(name) ?? name, spelled(name, member)]),
  );
}

function spelled(name: string, value: unknown): unknown {
  const words = MANAGEMENT_WORDS[WORDS[name] ?? ""]?.split(" ");
  if (words === undefined || typeof value !== "string") return renamed(value);
  return words.find((word) => word.toLowerCase() === value.toLowerCase()) ?? value;
}

function put(target: Record<string, unknown>, path: string, value: unknown): void {
  const [name = "", ...rest] = path.split(".");
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  const inner = (target[name] ?? {}) as Record<string, unknown>;
  target[name] = inner;
  put(inner, rest.join("."), value);
}
