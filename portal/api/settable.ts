/** What of a job, task, pool or schedule can be given when one like it is made. The rest is the service's to say. */
import type { models } from "../../src/client/index.ts";

export const JOB_SETTABLE = [
  "id",
  "displayName",
  "priority",
  "constraints",
  "jobManagerTask",
  "jobPreparationTask",
  "jobReleaseTask",
  "commonEnvironmentSettings",
  "poolInfo",
  "onAllTasksComplete",
  "onTaskFailure",
  "metadata",
  "usesTaskDependencies",
  "networkConfiguration",
  "maxParallelTasks",
  "allowTaskPreemption",
] as const satisfies readonly (keyof models.JobAddParameter)[];

export const TASK_SETTABLE = [
  "id",
  "displayName",
  "commandLine",
  "containerSettings",
  "exitConditions",
  "resourceFiles",
  "outputFiles",
  "environmentSettings",
  "affinityInfo",
  "constraints",
  "userIdentity",
  "multiInstanceSettings",
  "dependsOn",
  "applicationPackageReferences",
  "authenticationTokenSettings",
  "requiredSlots",
] as const satisfies readonly (keyof models.TaskAddParameter)[];

export const POOL_SETTABLE = [
  "id",
  "displayName",
  "vmSize",
  "virtualMachineConfiguration",
  "resizeTimeout",
  "targetDedicatedNodes",
  "targetLowPriorityNodes",
  "enableAutoScale",
  "autoScaleFormula",
  "autoScaleEvaluationInterval",
  "enableInterNodeCommunication",
  "networkConfiguration",
  "startTask",
  "certificateReferences",
  "applicationPackageReferences",
  "taskSchedulingPolicy",
  "userAccounts",
  "metadata",
  "mountConfiguration",
  "taskSlotsPerNode",
  "targetNodeCommunicationMode",
  "upgradePolicy",
  "resourceTags",
] as const satisfies readonly (keyof models.PoolAddParameter)[];

export const SCHEDULE_SETTABLE = [
  "id",
  "displayName",
  "schedule",
  "jobSpecification",
  "metadata",
] as const satisfies readonly (keyof models.JobScheduleAddParameter)[];
