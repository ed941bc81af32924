import { expect, test } from "vitest";
import { batchApiVersions } from "../../wire/batch/api-versions.gen.ts";
import { projectModel } from "./model-projection.ts";

const version = (name: string): number => batchApiVersions.findIndex((v) => v.version === name);

test("a version that knows all of the model gets the value itself", () => {
  const counts = { active: 1, running: 2 };
  expect(projectModel("TaskSlotCounts", version("2022-10-01.16.0"), counts)).toBe(counts);
  const container = { imageName: "a", workingDirectory: "taskWorkingDirectory" };
  expect(projectModel("TaskContainerSettings", version("2022-10-01.16.0"), container)).toBe(container);
});

test("later properties are left out, and the value itself stays as it was", () => {
  const task = { id: "t", requiredSlots: 1 };
  expect(projectModel("CloudTask", version("2019-08-01.10.0"), task)).not.toHaveProperty("requiredSlots");
  expect(task.requiredSlots).toBe(1);
});

test("properties that are gone are left out", () => {
  const pool = { id: "p", certificateReferences: [{ thumbprint: "0a", thumbprintAlgorithm: "sha1" }] };
  expect(projectModel("CloudPool", version("2025-06-01"), pool)).not.toHaveProperty("certificateReferences");
});

test("the rule reaches into lists and nested models", () => {
  const list = {
    value: [
      {
        id: "a",
        startTask: {
          commandLine: "x",
          containerSettings: { imageName: "i", workingDirectory: "taskWorkingDirectory" },
        },
      },
      { id: "b" },
    ],
    "odata.nextLink": "next",
  };
  expect(projectModel("CloudPoolListResult", version("2018-12-01.8.0"), list)).toMatchObject({
    value: [{ id: "a", startTask: { commandLine: "x", containerSettings: { imageName: "i" } } }, { id: "b" }],
    "odata.nextLink": "next",
  });
  const [shown] = projectModel("CloudPoolListResult", version("2018-12-01.8.0"), list).value;
  expect(shown?.startTask?.containerSettings).toEqual({ imageName: "i" });
});

const UNLIMITED = "P10675199DT2H48M5.4775807S";
const USER = { autoUser: { scope: "pool", elevationLevel: "nonadmin" } };
const LIMITS = { maxWallClockTime: UNLIMITED, retentionTime: "P7D", maxTaskRetryCount: 0 };

test("what a job's own tasks left out is shown as the service fills it in", () => {
  const job = {
    id: "j",
    jobManagerTask: { id: "m", commandLine: "x", constraints: { maxTaskRetryCount: 3 } },
    jobPreparationTask: { commandLine: "x" },
    jobReleaseTask: { commandLine: "x" },
  };
  expect(projectModel("CloudJob", version("2024-07-01.20.0"), job)).toEqual({
    id: "j",
    priority: 0,
    maxParallelTasks: -1,
    allowTaskPreemption: false,
    usesTaskDependencies: false,
    onAllTasksComplete: "noaction",
    onTaskFailure: "noaction",
    constraints: { maxWallClockTime: UNLIMITED, maxTaskRetryCount: 0 },
    jobManagerTask: {
      id: "m",
      commandLine: "x",
      constraints: { ...LIMITS, maxTaskRetryCount: 3 },
      requiredSlots: 1,
      killJobOnCompletion: true,
      userIdentity: USER,
      runExclusive: true,
      allowLowPriorityNode: true,
    },
    jobPreparationTask: {
      commandLine: "x",
      id: "jobpreparation",
      constraints: LIMITS,
      userIdentity: USER,
      waitForSuccess: true,
      rerunOnNodeRebootAfterSuccess: true,
    },
    jobReleaseTask: {
      commandLine: "x",
      id: "jobrelease",
      maxWallClockTime: "PT15M",
      retentionTime: "P7D",
      userIdentity: USER,
    },
  });
});

test("what a pool left out is shown as the service fills it in, as far as the version has it", () => {
  const pool = {
    virtualMachineConfiguration: {
      nodeAgentSKUId: "batch.node.ubuntu 22.04",
      imageReference: { publisher: "canonical", offer: "o", sku: "s" },
      dataDisks: [{ lun: 0, diskSizeGB: 10 }],
      osDisk: {},
    },
    networkConfiguration: {
      endpointConfiguration: {
        inboundNATPools: [{ networkSecurityGroupRules: [{ priority: 150, access: "allow" }] }],
      },
    },
  };
  const shown = projectModel("CloudPool", version("2022-10-01.16.0"), pool);
  expect(shown).toMatchObject({
    certificateReferences: [],
    targetNodeCommunicationMode: "default",
    taskSchedulingPolicy: { nodeFillType: "Spread" },
    virtualMachineConfiguration: {
      imageReference: { version: "latest" },
      dataDisks: [{ caching: "ReadWrite", storageAccountType: "standard_lrs" }],
      osDisk: { ephemeralOSDiskSettings: {} },
    },
    networkConfiguration: {
      dynamicVNetAssignmentScope: "none",
      endpointConfiguration: {
        inboundNATPools: [{ networkSecurityGroupRules: [{ sourcePortRanges: ["*"] }] }],
      },
    },
  });
  expect(shown).not.toHaveProperty("taskSchedulingPolicy.jobDefaultOrder");
  expect(projectModel("CloudPool", version("2022-01-01.15.0"), pool)).not.toHaveProperty(
    "targetNodeCommunicationMode",
  );
  const custom = { imageReference: { virtualMachineImageId: "/i" } };
  expect(projectModel("VirtualMachineConfiguration", version("2022-01-01.15.0"), custom)).toEqual(custom);
});

test("2017-01-01.4.0 has one kind of nodes, one error of a resize, and errors of scheduling alone", () => {
  const index = version("2017-01-01.4.0");
  const pool = {
    targetDedicatedNodes: 2,
    targetLowPriorityNodes: 1,
    currentDedicatedNodes: 1,
    resizeErrors: [{ code: "AllocationTimedout" }, { code: "Other" }],
  };
  const shown = projectModel("CloudPool", index, pool);
  expect(shown).toMatchObject({
    targetDedicated: 2,
    currentDedicated: 1,
    resizeError: { code: "AllocationTimedout" },
  });
  for (const later of Object.keys(pool)) expect(shown).not.toHaveProperty(later);
  const failed = (code: string) => ({ retryCount: 0, failureInfo: { category: "usererror", code } });
  expect(projectModel("TaskExecutionInformation", index, failed("FailureExitCode"))).toEqual({
    retryCount: 0,
  });
  expect(projectModel("TaskExecutionInformation", index, failed("TaskEnded"))).toEqual({
    retryCount: 0,
    schedulingError: { category: "UserError", code: "TaskEnded" },
  });
});

test("words and 64-bit numbers are written as the service writes them, by version", () => {
  const failure = { category: "usererror", code: "FailureExitCode" };
  expect(projectModel("TaskFailureInformation", version("2024-02-01.19.0"), failure).category).toBe(
    "UserError",
  );
  const profile = { securityType: "confidentialVM" };
  expect(projectModel("SecurityProfile", version("2024-07-01.20.0"), profile)).toBe(profile);
  expect(projectModel("SecurityProfile", version("2025-06-01"), profile)).toEqual({
    securityType: "confidentialvm",
  });
  const statistics = { readIOps: 5, readIOGiB: 0.5 };
  expect(projectModel("TaskStatistics", version("2022-10-01.16.0"), statistics)).toEqual({
    readIOps: "5",
    readIOGiB: 0.5,
  });
});
