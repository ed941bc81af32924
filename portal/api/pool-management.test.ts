import { expect, test } from "vitest";
import { managementPool } from "./pool-management.ts";

const ACCOUNT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Batch/batchAccounts/a";

test("a pool of the Batch service is told to Resource Manager in its names and spelling", () => {
  const pool = {
    id: "p",
    vmSize: "standard_d2s_v3",
    virtualMachineConfiguration: { imageReference: { offer: "o" }, nodeAgentSKUId: "agent" },
    targetDedicatedNodes: 2,
    taskSlotsPerNode: 4,
    taskSchedulingPolicy: { nodeFillType: "pack" },
    enableInterNodeCommunication: true,
    startTask: {
      commandLine: "true",
      userIdentity: { autoUser: { scope: "pool", elevationLevel: "admin" } },
    },
    applicationPackageReferences: [{ applicationId: "app", version: "1" }],
    userAccounts: [{ name: "u", password: "p", elevationLevel: "nonadmin" }],
  };
  expect(managementPool(pool, ACCOUNT, ["/identity"])).toEqual({
    identity: { type: "UserAssigned", userAssignedIdentities: { "/identity": {} } },
    properties: {
      vmSize: "standard_d2s_v3",
      deploymentConfiguration: {
        virtualMachineConfiguration: { imageReference: { offer: "o" }, nodeAgentSkuId: "agent" },
      },
      scaleSettings: { fixedScale: { targetDedicatedNodes: 2 } },
      taskSlotsPerNode: 4,
      taskSchedulingPolicy: { nodeFillType: "Pack" },
      interNodeCommunication: "Enabled",
      startTask: {
        commandLine: "true",
        userIdentity: { autoUser: { scope: "Pool", elevationLevel: "Admin" } },
      },
      applicationPackages: [{ id: `${ACCOUNT}/applications/app`, version: "1" }],
      userAccounts: [{ name: "u", password: "p", elevationLevel: "NonAdmin" }],
    },
  });
});

test("what Resource Manager has no place for is refused by its name", () => {
  expect(() => managementPool({ vmSkuProfile: {} }, ACCOUNT, ["/identity"])).toThrow("vmSkuProfile");
});
