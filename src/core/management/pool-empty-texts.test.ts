import { expect, test } from "vitest";
import { modelVersion } from "./data-plane-model.ts";
import { poolDescription } from "./pool-request.ts";

const version = modelVersion("2024-07-01");
const describe = (properties: object) =>
  poolDescription({ properties }, { name: "pool", account: "/subscriptions/s", isChange: false }, version);

const configuration = {
  vmSize: "STANDARD_D2S_V3",
  deploymentConfiguration: {
    virtualMachineConfiguration: {
      imageReference: { publisher: "canonical", offer: "o", sku: "s", version: "latest", id: "" },
      nodeAgentSkuId: "batch.node.ubuntu 22.04",
      osDisk: { caching: "" },
    },
  },
};

test("an empty text is no value where one is optional, as infrastructure tools send it", () => {
  const { pool, deallocation } = describe({
    ...configuration,
    displayName: "",
    scaleSettings: {
      fixedScale: { targetDedicatedNodes: 0, resizeTimeout: "", nodeDeallocationOption: "" },
    },
    networkConfiguration: { subnetId: "", dynamicVnetAssignmentScope: "" },
    metadata: [{ name: "empty", value: "" }],
  });
  expect(deallocation).toBeUndefined();
  expect(pool).not.toHaveProperty("displayName");
  expect(pool).not.toHaveProperty("resizeTimeout");
  expect(pool.virtualMachineConfiguration?.imageReference).not.toHaveProperty("virtualMachineImageId");
  expect(pool.metadata).toEqual([{ name: "empty", value: "" }]);
});

test("a wrong word is told where it stands", () => {
  const wrong = { fixedScale: { nodeDeallocationOption: "sometimes" } };
  expect(() => describe({ ...configuration, scaleSettings: wrong })).toThrow(
    expect.objectContaining({
      values: expect.arrayContaining([
        { key: "PropertyPath", value: "properties.scaleSettings.fixedScale.nodeDeallocationOption" },
      ]),
    }),
  );
});
