import { expect, test } from "vitest";
import type { BatchModelName } from "../../wire/batch/models.gen.ts";
import { fromManagement, managementPath, modelVersion, toManagement } from "./data-plane-model.ts";

const NEWEST = modelVersion("2024-07-01");

const PAIRS: readonly (readonly [BatchModelName, object, object])[] = [
  [
    "VirtualMachineConfiguration",
    { nodeAgentSKUId: "a", imageReference: { virtualMachineImageId: "/i" } },
    { nodeAgentSkuId: "a", imageReference: { id: "/i" } },
  ],
  [
    "VirtualMachineConfiguration",
    { dataDisks: [{ lun: 0, diskSizeGB: 1, caching: "readonly", storageAccountType: "standardssd_lrs" }] },
    { dataDisks: [{ lun: 0, diskSizeGB: 1, caching: "ReadOnly", storageAccountType: "StandardSSD_LRS" }] },
  ],
  // What is the user's own is no enum and no name of ours, whatever it looks like.
  [
    "VirtualMachineConfiguration",
    {
      extensions: [
        { name: "e", publisher: "p", type: "dockerCompatible", settings: { nodeAgentSKUId: "tcp" } },
      ],
    },
    {
      extensions: [
        { name: "e", publisher: "p", type: "dockerCompatible", settings: { nodeAgentSKUId: "tcp" } },
      ],
    },
  ],
  ["CloudPool", { resourceTags: { access: "allow" } }, { resourceTags: { access: "allow" } }],
];

test.each(PAIRS)("%s is carried there", (model, ours, theirs) => {
  expect(toManagement(model, ours as Record<string, unknown>, NEWEST)).toEqual(theirs);
});

test.each(PAIRS)("%s is carried back", (model, ours, theirs) => {
  // Words are read in any case by whoever checks them.
  const lower = (value: object) => JSON.stringify(value).toLowerCase();
  expect(lower(fromManagement(model, theirs, NEWEST) as object)).toEqual(lower(ours));
});

test("an older api-version shows less", () => {
  const pool = { upgradePolicy: { mode: "manual" }, resourceTags: { a: "b" }, vmSize: "s" };
  expect(toManagement("CloudPool", pool, modelVersion("2022-10-01"))).toEqual({ vmSize: "s" });
});

test("what is unknown is carried over for the check to name, the other plane's name is refused", () => {
  expect(fromManagement("VirtualMachineConfiguration", { colour: 1 }, NEWEST)).toEqual({ colour: 1 });
  expect(fromManagement("VirtualMachineConfiguration", "text", NEWEST)).toBe("text");
  expect(() => fromManagement("VirtualMachineConfiguration", { nodeAgentSKUId: "a" }, NEWEST)).toThrow();
});

test("the way to a property is told in management's names", () => {
  const path = "virtualMachineConfiguration.imageReference.virtualMachineImageId";
  expect(managementPath("PoolAddParameter", path, NEWEST)).toBe(
    "virtualMachineConfiguration.imageReference.id",
  );
  const nested =
    "networkConfiguration.endpointConfiguration.inboundNATPools[1].networkSecurityGroupRules[0].access";
  expect(managementPath("PoolAddParameter", nested, NEWEST)).toBe(
    "networkConfiguration.endpointConfiguration.inboundNatPools[1].networkSecurityGroupRules[0].access",
  );
});
