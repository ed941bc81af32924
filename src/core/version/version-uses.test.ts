import { describe, expect, test } from "vitest";
import { batchApiVersions } from "../../wire/batch/api-versions.gen.ts";
import { usesOfReply, usesOfRequest, usesOfSelection, type VersionUse } from "./version-uses.ts";

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
