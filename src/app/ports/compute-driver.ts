/**
 * What the use cases ask of a compute driver: agents, and the news that one died. A driver provides processes beside
 * the work; it knows no task, no job and no store.
 */

export interface ComputeDriver {
  readonly name: "local" | "slurm";
  /**
   * Makes sure that an agent exists which may host this node, and says which. Idempotent: a live agent is found again,
   * also one that outlived an earlier service process. The agent dials in later by itself.
   */
  acquire(node: { readonly nodeKey: string; readonly poolId: string }): Promise<{ readonly agentId: string }>;
  /** The node is gone for good; what only it needed may go. */
  release(node: { readonly nodeKey: string }): Promise<void>;
  /** Mean CPU use of the machines that host nodes since it was last asked for: 0 to 100; undefined when nobody knows. */
  cpuPercent?(): number | undefined;
  /** Called once for each agent process that has died, with all its nodes. */
  onAgentLost(listener: (agentId: string) => void): void;
  /** Ends what the driver started, waiting until the processes are gone. */
  close(): Promise<void>;
}
