/**
 * The names this installation answers. Everything that turns a name into trust asks here: a leaf is minted, a request is
 * answered (any other Host gets 421) and a proxied connection is terminated for these names alone. That keeps discovery
 * documents free of foreign hosts and ends DNS rebinding.
 */

/** Names by which clients reach this machine itself; configured ones join them. */
const LOCAL_NAMES = ["localhost", "127.0.0.1", "::1"] as const;

/** Names of Azure's own services, each answered by one plane. */
const AZURE_NAMES: ReadonlyMap<string, AzureService> = new Map([
  ["login.microsoftonline.com", "entra"],
  ["login.windows.net", "entra"],
  ["sts.windows.net", "entra"],
  ["management.azure.com", "arm"],
  ["management.core.windows.net", "arm"],
  ["graph.microsoft.com", "graph"],
  ["graph.windows.net", "graph"],
  ["portal.azure.com", "portal"],
]);

/** The names that hold no pattern, for what makes names resolve to this service. */
export const AZURE_SERVICE_NAMES: readonly string[] = [...AZURE_NAMES.keys()];

/** Of Resource Manager's regional endpoints: `westus.management.azure.com`. */
const REGION_SUFFIX = ".management.azure.com";
const BATCH_SUFFIX = ".batch.azure.com";
const BLOB_SUFFIX = ".blob.core.windows.net";

/** The instance metadata service's address, reachable only as the target of a proxied request. */
const METADATA_ADDRESS = "169.254.169.254";

export type AzureService = "entra" | "arm" | "graph" | "batch" | "storage" | "metadata" | "portal";

/** What a name stands for: a service of Azure's, or this machine. */
export type AnsweredName = AzureService | "local";

export interface HostAllowList {
  /** This machine's names and addresses, which the default leaf covers. */
  readonly localNames: readonly string[];
  /** @param name lower-case, without port and brackets. @returns undefined for a name that is not ours to answer */
  answers(name: string): AnsweredName | undefined;
}

/** @param configured further names and addresses of this machine, e.g. of the interface given by `--bind` */
export function hostAllowList(configured: readonly string[] = []): HostAllowList {
  const local = new Set<string>([...LOCAL_NAMES, ...configured.map((name) => name.toLowerCase())]);
  return {
    localNames: [...local],
    answers: (name) => {
      if (local.has(name)) return "local";
      return AZURE_NAMES.get(name) ?? suffixService(name);
    },
  };
}

function suffixService(name: string): AzureService | undefined {
  if (name.endsWith(BATCH_SUFFIX)) return isPrefixOfLabels(name, BATCH_SUFFIX) ? "batch" : undefined;
  if (name.endsWith(BLOB_SUFFIX)) return isPrefixOfLabels(name, BLOB_SUFFIX) ? "storage" : undefined;
  if (name.endsWith(REGION_SUFFIX)) {
    const region = name.slice(0, -REGION_SUFFIX.length);
    return /^[a-z][a-z0-9]{0,31}$/.test(region) ? "arm" : undefined;
  }
  return name === METADATA_ADDRESS ? "metadata" : undefined;
}

/** RFC 1123 labels before the suffix: a Host header is bytes from a stranger, and this text ends up in URLs and certificates. */
function isPrefixOfLabels(name: string, suffix: string): boolean {
  const MAX_NAME = 253;
  return (
    name.length <= MAX_NAME &&
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/.test(
      name.slice(0, -suffix.length),
    )
  );
}
