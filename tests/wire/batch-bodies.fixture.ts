/** The smallest bodies that add a pool, a job and a task. */

/** Named after its only use in a test, so that two tests of a file never meet. */
export const poolBody = (id: string, change: object = {}) => ({
  id,
  vmSize: "standard_d2s_v3",
  targetDedicatedNodes: 1,
  virtualMachineConfiguration: {
    imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
    nodeAgentSKUId: "batch.node.debian 12",
  },
  ...change,
});

export const jobBody = (id: string, poolId: string, change: object = {}) => ({
  id,
  poolInfo: { poolId },
  ...change,
});

/** @param script for `/bin/sh -c`; without single quotes */
export const taskBody = (id: string, script: string, change: object = {}) => ({
  id,
  commandLine: `/bin/sh -c '${script}'`,
  ...change,
});
