/** The body of a pool of one node that can run containers. @param configuration what its `containerConfiguration` has beside the type */
export function containerPool(id: string, configuration: object) {
  return {
    id,
    vmSize: "standard_d2s_v3",
    targetDedicatedNodes: 1,
    virtualMachineConfiguration: {
      imageReference: {
        publisher: "microsoft-azure-batch",
        offer: "ubuntu-server-container",
        sku: "20-04-lts",
      },
      nodeAgentSKUId: "batch.node.ubuntu 20.04",
      containerConfiguration: { type: "dockerCompatible", ...configuration },
    },
  };
}
