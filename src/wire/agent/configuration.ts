/**
 * How an agent finds and trusts its service: the content of the file that a compute driver writes for it. Owns the shapes only.
 */

/** What an agent reads, afresh before each connection attempt, to find and trust its service. Mode 0600. */
export interface AgentConfiguration {
  readonly agentId: string;
  /** The only node that it may host; absent means any. */
  readonly onlyNode?: string;
  /**
   * How long a failed run is not reported yet, in milliseconds, where whoever ends the agent ends its tasks in the same
   * moment: what the agent hears of within that time is the node's end, and not the task's failure. Default: 0.
   */
  readonly failureHoldMs?: number;
  /** `wss://<host>:<port>/agent` of the service that now owns the data folder. */
  readonly url: string;
  /** Of a service on this machine: the path of the socket by which its agents reach it, in place of the URL's host. */
  readonly socket?: string;
  /** PEM of the only CA the agent trusts. */
  readonly caFile: string;
  /** Sent as `Authorization: Bearer`; 256 random bits, base64url. */
  readonly token: string;
  /** Folder under which each node has its own folder, named by its key. */
  readonly nodesFolder: string;
  /** Where the node's init is kept once it is compiled, for all agents with this folder; absent: beside the configuration. */
  readonly cacheFolder?: string;
  /** What agents on this machine share beside; absent where each makes its own. Only their user may enter it. */
  readonly machineFolder?: string;
  /** How tasks reach the service; absent means not at all from nodes with a network of their own. */
  readonly reach?: ServiceReach;
  /** What of this machine nodes with a view of their own show beside the usual. */
  readonly nodePaths?: readonly NodePath[];
  /** What each node may take of the machine's disk; absent for all that there is. */
  readonly nodeDiskBytes?: number;
  /** Origins from and to which tasks' files go wherever they lead, loopback included. */
  readonly trustedOrigins?: readonly string[];
  /** `HOST:PORT` of registries on this machine's loopback, from which images may be pulled. */
  readonly localRegistries?: readonly string[];
}

/** A file or folder of the machine, seen at the same path inside nodes. */
export interface NodePath {
  /** Absolute, without symbolic links. */
  readonly path: string;
  /** Whether the node's users may write where the machine lets them. */
  readonly isWritable: boolean;
}

export interface ServiceReach {
  /** The host of the ports; absent: this machine's loopback. */
  readonly host?: string;
  /** Ports by names that outlive a restart: `main`, `proxy`, `account:<name>`. */
  readonly ports: Readonly<Record<string, number>>;
  /** Names of Azure's own that lead to the port `main`. */
  readonly azureNames: readonly string[];
  /** PEM of the service's CA alone, and together with this machine's own roots. */
  readonly caFile: string;
  readonly bundleFile: string;
}
