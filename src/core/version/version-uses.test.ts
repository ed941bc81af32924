import { describe, expect, test } from "vitest";
import { batchApiVersions } from "../../wire/batch/api-versions.gen.ts";
import { DATED_VALUES } from "../../wire/batch/dated-values.ts";
import { datedValue, usesOfReply, usesOfRequest, usesOfSelection, type VersionUse } from "./version-uses.ts";

const index = (version: string) => batchApiVersions.findIndex((known) => known.version === version);
const told = (uses: readonly VersionUse[]) => uses.map(({ kind, name, path }) => `${kind} ${name} ${path}`);

describe("a request", () => {
  test("uses the properties and words that it holds, with their places", () => {
    const body = {
      id: "p",
      vmSize: null,
      virtualMachineConfiguration: { dataDisks: [{ lun: 0, storageAccountType: "Premium_LRS" }] },
      "odata.metadata": "x",
    };
    expect(told(usesOfRequest("PoolAddParameter", index("2024-07-01.20.0"), body))).toEqual([
      "property PoolAddParameter.id id",
      "property PoolAddParameter.virtualMachineConfiguration virtualMachineConfiguration",
      "property VirtualMachineConfiguration.dataDisks virtualMachineConfiguration.dataDisks",
      "property DataDisk.lun virtualMachineConfiguration.dataDisks[].lun",
      "property DataDisk.storageAccountType virtualMachineConfiguration.dataDisks[].storageAccountType",
      "value StorageAccountType.premium_lrs virtualMachineConfiguration.dataDisks[].storageAccountType",
    ]);
  });

  test("of an old version has properties of its own, and lacks what is required later", () => {
    const body = { virtualMachineConfiguration: { osDisk: { imageUris: ["u"] } }, targetDedicated: 1 };
    expect(told(usesOfRequest("PoolAddParameter", 0, body))).toEqual([
      "property PoolAddParameter.virtualMachineConfiguration virtualMachineConfiguration",
      "property VirtualMachineConfiguration.osDisk virtualMachineConfiguration.osDisk",
      "property OSDisk.imageUris virtualMachineConfiguration.osDisk.imageUris",
      "absent VirtualMachineConfiguration.imageReference virtualMachineConfiguration.imageReference",
      "property PoolAddParameter.targetDedicated targetDedicated",
    ]);
  });

  test.each([[undefined], [null], ["text"], [[{}]], [{ virtualMachineConfiguration: 5, metadata: {} }]])(
    "that is no request, %j, is no fault",
    (body) => {
      expect(() => usesOfRequest("PoolAddParameter", 3, body)).not.toThrow();
    },
  );
});

test.each([
  [{ targetLowPriorityNodes: 0 }, []],
  [{ targetLowPriorityNodes: 2 }, ["targetLowPriorityNodes"]],
  [{ vmSize: "STANDARD_D2_V2" }, ["vmSize"]],
  [{ vmSize: "standard_nv12s_v3" }, ["vmSize"]],
  [{ vmSize: "standard_nv12ads_a10_v5" }, []],
  [{ vmSize: "standard_d2s_v3" }, []],
])("of %j, what ends on a date of its own is %j", (body, paths) => {
  const dated = usesOfRequest("PoolAddParameter", 17, body).filter(({ kind }) => kind === "dated");
  expect(dated.map(({ path }) => path)).toEqual(paths);
});

test.each([
  ["vmSize", "2024-08-31", "BASIC_A1 Standard_A0 Standard_A7 Standard_HB60rs Standard_HB60-15rs"],
  ["vmSize", "2025-09-30", "Standard_NC6s_v3 Standard_NC24rs_v3"],
  ["vmSize", "2026-06-30", "Standard_DC1s_v2 Standard_DC8_v2"],
  ["vmSize", "2026-09-30", "Standard_NV12s_v3 Standard_NV4as_v4"],
  ["vmSize", "2026-05-15", "Standard_HB120rs_v2 Standard_HC44rs Standard_NP20s"],
  ["vmSize", "2028-05-01", "Standard_D1 Standard_DS3 Standard_D15_v2 Standard_DS13-2_v2 Standard_L16s"],
  [
    "vmSize",
    "2028-11-15",
    "Standard_F4 Standard_F8s Standard_F72s_v2 Standard_L8s_v2 Standard_G5 Standard_GS5-8 Standard_A2m_v2 Standard_B2ms",
  ],
  [
    "vmSize",
    undefined,
    "Standard_D2s_v3 Standard_D4as_v5 Standard_NC4as_T4_v3 Standard_NC24ads_A100_v4 Standard_NV12ads_A10_v5 Standard_DC2s_v3",
  ],
  [
    "vmSize",
    undefined,
    "Standard_HB120rs_v3 Standard_F4as_v6 Standard_L8s_v3 Standard_B2s_v2 Standard_B2as_v2",
  ],
  ["sku", "2027-01-12", "2016-Datacenter 2016-datacenter-smalldisk"],
  ["sku", "2024-12-05", "2012-R2-Datacenter 2012-datacenter"],
  ["sku", undefined, "2019-datacenter 2022-datacenter-core 22_04-lts"],
  [
    "virtualMachineImageId",
    "2026-03-31",
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/images/i",
  ],
  [
    "virtualMachineImageId",
    undefined,
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/y/images/i",
  ],
])("a %s that ends on %s: %s", (property, date, values) => {
  const dates = values.split(" ").map((value) => DATED_VALUES[datedValue(property, value) ?? -1]?.date);
  expect(dates).toEqual(values.split(" ").map(() => date));
});

test("a list's reply shows what its elements hold", () => {
  const list = { value: [{ id: "a" }, { id: "b", state: "active" }] };
  expect(new Set(told(usesOfReply("CloudPoolListResult", 17, list)))).toEqual(
    new Set(["shown CloudPool.id id", "shown CloudPool.state state", "shownValue PoolState.active state"]),
  );
});

test("a selection names fields, through what holds them", () => {
  expect(told(usesOfSelection("CloudJobListResult", 17, "id, executionInfo/poolId,none"))).toEqual([
    "selected CloudJob.id id",
    "selected CloudJob.executionInfo executionInfo",
    "selected JobExecutionInformation.poolId executionInfo.poolId",
  ]);
});
