import { expect, test } from "vitest";
import { ARM_PROPERTY_SUCCESSORS } from "../../wire/arm/successors.ts";
import { DATED_VALUES } from "../../wire/batch/dated-values.ts";
import { type ManagementPart, partsOfReply, partsOfRequest } from "./management-uses.ts";

const told = (parts: readonly ManagementPart[]) =>
  parts.map(({ kind, index }) =>
    kind === "dated" ? DATED_VALUES[index]?.property : `${kind} ${ARM_PROPERTY_SUCCESSORS[index]?.path}`,
  );

test("a pool's body is looked through for what a later version lacks, and for values with a date", () => {
  const machine = {
    nodeAgentSkuId: "batch.node.ubuntu 22.04",
    imageReference: { sku: "2016-Datacenter" },
    dataDisks: [{ lun: 0 }, { lun: 1, storageAccountType: "Standard_LRS" }],
  };
  const properties = {
    vmSize: "STANDARD_D2_V2",
    certificates: [],
    applicationLicenses: null,
    deploymentConfiguration: { virtualMachineConfiguration: machine },
    scaleSettings: { fixedScale: { targetLowPriorityNodes: 0, nodeDeallocationOption: "RetainedData" } },
  };
  expect(told(partsOfRequest("Microsoft.Batch/Pool_Create", { properties }))).toEqual([
    "sent properties.certificates",
    "sent properties.deploymentConfiguration.virtualMachineConfiguration.dataDisks[].storageAccountType",
    "sent properties.scaleSettings.fixedScale.nodeDeallocationOption",
    "nodeAgentSKUId",
    "sku",
    "vmSize",
  ]);
  expect(partsOfRequest("Microsoft.Batch/BatchAccount_Create", { properties })).toEqual([]);
});

test("a reply is looked through whether it is one resource or a list", () => {
  const pool = { properties: { currentNodeCommunicationMode: "Simplified", vmSize: "STANDARD_D2_V2" } };
  const wanted = ["shown properties.currentNodeCommunicationMode"];
  expect(told(partsOfReply("Microsoft.Batch/Pool_Get", pool))).toEqual(wanted);
  expect(told(partsOfReply("Microsoft.Batch/Pool_ListByBatchAccount", { value: [{}, pool] }))).toEqual(
    wanted,
  );
  const item = { properties: { storageUrl: "https://x" } };
  expect(told(partsOfReply("Microsoft.Batch/ApplicationPackage_Get", item))).toHaveLength(1);
  expect(told(partsOfReply("Microsoft.Batch/ApplicationPackage_Create", item))).toEqual([]);
});

test.each([
  [undefined],
  [null],
  [[]],
  ["text"],
  [{ properties: [{ certificates: 1 }] }],
  [{ properties: 5 }],
])("a body that is none of a pool, %j, is no fault", (body) => {
  expect(partsOfRequest("Microsoft.Batch/Pool_Update", body)).toEqual([]);
});
