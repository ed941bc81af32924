/**
 * What the use cases ask of a compute driver: agents, and the news that one came or died. A driver provides processes beside
 * the work; it knows no task, no job and no store.
 */
import type { NodeLimits } from "../../core/lifecycle/node-limits.ts";
import type { AgentConfiguration } from "../../wire/agent/configuration.ts";

/** How this service is found, as every agent reads it; who an agent is, its driver adds. */
export type AgentService = Pick<
  AgentConfiguration,
  "url" | "socket" | "caFile" | "reach" | "nodePaths" | "nodeDiskBytes" | "trustedOrigins" | "localRegistries"
>;

/** What drivers need to let an agent in. */
export interface AgentAdmission {
  /** The agent's secret, the same until it is revoked. */
  tokenOf(agentId: string): string;
  /** From now on nobody is this agent: its secret is worth nothing, and its connection ends. */
  revoke(agentId: string): void;
}

export interface WantedNode {
  readonly nodeKey: string;
  /** The account's key: drivers may keep accounts apart. */
  readonly account: string;
  /** What the virtual machine that it stands for would have. */
  readonly limits: NodeLimits;
}

export interface ComputeDriver {
  readonly name: "local" | "slurm";
  /** Called before the first agent is asked for, and whenever something of it has changed. */
  configure(service: AgentService): void;
  /** Whether an agent of this name lives, or has a successor at once. What it hosted is lost otherwise. */
  hosts(agentId: string): boolean;
  /**
   * Makes sure that an agent exists which may host this node, and says which. Idempotent: a live agent is found again,
   * also one that outlived an earlier service process. The agent dials in later by itself.
   * @returns undefined while it is only asked for: whoever wants it asks again
   */
  acquire(node: WantedNode): Promise<{ readonly agentId: string } | undefined>;
  /** The node is gone for good; what only it needed may go. */
  release(node: { readonly nodeKey: string }): Promise<void>;
  /** What was acquired for other nodes than these is released. @param agentIds whom those nodes are with */
  keepOnly?(nodeKeys: ReadonlySet<string>, agentIds: ReadonlySet<string>): Promise<void>;
  /** Mean CPU use of the machines that host nodes since it was last asked for: 0 to 100; undefined when nobody knows. */
  cpuPercent?(): number | undefined;
  /** Why a node that is asked for is not there yet, in the words of whoever decides it; undefined when nobody says. */
  obstacle?(node: { readonly nodeKey: string }): string | undefined;
  /** Called when an agent has died, with all its nodes, or has got a machine. */
  onChange(listener: () => void): void;
  /** Ends what the driver started, waiting until the processes are gone. */
  close(): Promise<void>;
}
