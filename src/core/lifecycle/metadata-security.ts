/**
 * What a pool's metadata security protocol means on its nodes: whose requests to the two endpoints of the host are flawed, and which
 * of these are refused. Pure. Sources: "MSP feature configuration"; "Advanced configuration for MSP", its default configuration.
 */
import type { MetadataEndpoint, MetadataSecurity } from "../../wire/agent/messages.ts";
import type { PoolAddParameter } from "../../wire/batch/models-types.gen.ts";

/** Who asks, as far as the kernel of the node's machine tells. */
export interface MetadataCaller {
  /** Undefined where the connection is no process's any more, or cannot be found. */
  readonly user: { readonly name: string; readonly isElevated: boolean } | undefined;
  /** Path of the program that holds the connection. */
  readonly program: string | undefined;
}

export interface MetadataFlaw {
  readonly status: 401 | 403;
  readonly reason: string;
}

/** Undefined for a pool whose nodes look at nobody. */
export function metadataSecurity({
  virtualMachineConfiguration,
}: Pick<PoolAddParameter, "virtualMachineConfiguration">): MetadataSecurity | undefined {
  const { enabled, imds, wireServer } =
    virtualMachineConfiguration?.securityProfile?.proxyAgentSettings ?? {};
  if (enabled !== true || (imds?.mode === undefined && wireServer?.mode === undefined)) return undefined;
  return {
    ...(imds?.mode && { imds: imds.mode }),
    ...(wireServer?.mode && { wireServer: wireServer.mode }),
  };
}

/** The metadata of a machine are everybody's there who can be told; the host's own server is root's. */
export function metadataFlaw(endpoint: MetadataEndpoint, { user }: MetadataCaller): MetadataFlaw | undefined {
  if (user === undefined) return { status: 401, reason: "It cannot be told which process asks." };
  if (endpoint === "wireServer" && !user.isElevated)
    return { status: 403, reason: "Only root reaches the WireServer." };
  return undefined;
}
