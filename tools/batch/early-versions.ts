/**
 * What the api-versions from 2017-01-01.4.0 to 2018-08-01.7.0 had otherwise than those after them: the list of changes begins only at
 * 2018-12-01.8.0. Read by comparing the models of the PyPI releases `azure-batch` 2.0.1, 3.0.0, 3.1.0, 4.0.0, 4.1.3, 5.0.0 and 6.0.0, which
 * send these versions in turn, and of the npm releases `@azure/batch` 6.0.0 and 7.0.0.
 */
import type { SwaggerSchema } from "../swagger.ts";

const CONTAINER_TASKS = [
  "CloudTask",
  "JobManagerTask",
  "JobPreparationTask",
  "JobReleaseTask",
  "StartTask",
  "TaskAddParameter",
];
const EXECUTIONS = [
  "JobPreparationTaskExecutionInformation",
  "JobReleaseTaskExecutionInformation",
  "StartTaskInformation",
  "SubtaskInformation",
  "TaskExecutionInformation",
];
const NEW_POOLS = ["PoolAddParameter", "PoolSpecification"];

const of = (models: readonly string[], property: string): string =>
  models.map((model) => `${model}.${property}`).join(", ");

/** In the words of the list of changes. */
export const EARLY_CHANGES = [
  "### 2017-01-01.4.0 -> 2017-05-01.5.0",
  "- definitions added: LinuxUserConfiguration{}, OutputFile{}, OutputFileBlobContainerDestination{}, OutputFileDestination{}, OutputFileUploadOptions{}, TaskFailureInformation{}",
  `- properties added: ${[
    of(["CloudPool", ...NEW_POOLS], "applicationLicenses"),
    of(["CloudPool", ...NEW_POOLS, "PoolResizeParameter"], "targetDedicatedNodes"),
    of(["CloudPool", ...NEW_POOLS, "PoolResizeParameter"], "targetLowPriorityNodes"),
    "CloudPool.currentDedicatedNodes, CloudPool.currentLowPriorityNodes, CloudPool.resizeErrors",
    of(["CloudTask", "JobManagerTask", "TaskAddParameter"], "outputFiles"),
    "ComputeNode.isDedicated, ExitConditions.fileUploadError, ExitConditions.preProcessingError",
    "JobManagerTask.allowLowPriorityNode, UserAccount.linuxUserConfiguration",
    of(EXECUTIONS, "failureInfo"),
    of(EXECUTIONS, "result"),
  ].join(", ")}`,
  "### 2017-05-01.5.0 -> 2017-06-01.5.1",
  "- definitions added: ComputeNodeEndpointConfiguration{}, InboundEndpoint{}, InboundNATPool{}, NetworkSecurityGroupRule{}, PoolEndpointConfiguration{}, TaskCounts{}",
  "- properties added: ComputeNode.endpointConfiguration, NetworkConfiguration.endpointConfiguration",
  "### 2017-06-01.5.1 -> 2017-09-01.6.0",
  "- definitions added: ContainerConfiguration{}, ContainerRegistry{}, DataDisk{}, TaskContainerExecutionInformation{}, TaskContainerSettings{}",
  `- properties added: ${[
    of(CONTAINER_TASKS, "containerSettings"),
    of(EXECUTIONS, "containerInfo"),
    "ImageReference.virtualMachineImageId",
    "VirtualMachineConfiguration.containerConfiguration, VirtualMachineConfiguration.dataDisks, VirtualMachineConfiguration.licenseType",
  ].join(", ")}`,
  "- required of MultiInstanceSettings: +coordinationCommandLine",
  "- required of VirtualMachineConfiguration: +imageReference",
  "### 2017-09-01.6.0 -> 2018-03-01.6.1",
  "- definitions added: NodeCounts{}, PoolNodeCounts{}, UploadBatchServiceLogsConfiguration{}, UploadBatchServiceLogsResult{}",
  "### 2018-03-01.6.1 -> 2018-08-01.7.0",
  "- definitions added: NodeAgentInformation{}",
  "- properties added: ComputeNode.nodeAgentInfo",
  "### 2018-08-01.7.0 -> 2018-12-01.8.0",
  "- definitions added: JobNetworkConfiguration{subnetId}, WindowsUserConfiguration{loginMode}",
  `- properties added: ${[
    of(["CloudJob", "JobAddParameter", "JobSpecification"], "networkConfiguration"),
    "CloudServiceConfiguration.osVersion, NetworkConfiguration.dynamicVNetAssignmentScope",
    "ResourceFile.autoStorageContainerName, ResourceFile.blobPrefix, ResourceFile.httpUrl, ResourceFile.storageContainerUrl",
    "UserAccount.windowsUserConfiguration",
  ].join(", ")}`,
].join("\n");

const INT32: SwaggerSchema = { type: "integer", format: "int32" };
const STRING: SwaggerSchema = { type: "string" };
const DOUBLE: SwaggerSchema = { type: "number", format: "double" };
const modelOf = (name: string): SwaggerSchema => ({ $ref: `#/definitions/${name}` });

export interface EarlyProperty {
  readonly model: string;
  readonly property: string;
  readonly schema: SwaggerSchema;
  /** The api-versions that have it, both inclusive; without `since` from the oldest on. */
  readonly since?: string;
  readonly until: string;
  readonly required?: boolean;
}

const each = (models: readonly string[], rest: Omit<EarlyProperty, "model">): EarlyProperty[] =>
  models.map((model) => ({ model, ...rest }));

/** Properties that were there once, and gone or something else afterwards. */
export const EARLY_PROPERTIES: readonly EarlyProperty[] = [
  ...each(["CloudPool", ...NEW_POOLS], {
    property: "targetDedicated",
    schema: INT32,
    until: "2017-01-01.4.0",
  }),
  { model: "CloudPool", property: "currentDedicated", schema: INT32, until: "2017-01-01.4.0" },
  { model: "CloudPool", property: "resizeError", schema: modelOf("ResizeError"), until: "2017-01-01.4.0" },
  {
    model: "PoolResizeParameter",
    property: "targetDedicated",
    schema: INT32,
    until: "2017-01-01.4.0",
    required: true,
  },
  {
    model: "ExitConditions",
    property: "schedulingError",
    schema: modelOf("ExitOptions"),
    until: "2017-01-01.4.0",
  },
  ...each(EXECUTIONS, {
    property: "schedulingError",
    schema: modelOf("TaskFailureInformation"),
    until: "2017-01-01.4.0",
  }),
  { model: "UserAccount", property: "sshPrivateKey", schema: STRING, until: "2017-01-01.4.0" },
  {
    model: "TaskCounts",
    property: "validationStatus",
    schema: STRING,
    since: "2017-06-01.5.1",
    until: "2018-03-01.6.1",
    required: true,
  },
  {
    model: "OSDisk",
    property: "imageUris",
    schema: { type: "array", items: STRING },
    until: "2017-06-01.5.1",
    required: true,
  },
  { model: "OSDisk", property: "caching", schema: modelOf("CachingType"), until: "2018-08-01.7.0" },
  {
    model: "VirtualMachineConfiguration",
    property: "osDisk",
    schema: modelOf("OSDisk"),
    until: "2018-08-01.7.0",
  },
  {
    model: "CloudServiceConfiguration",
    property: "currentOSVersion",
    schema: STRING,
    until: "2018-08-01.7.0",
  },
  {
    model: "CloudServiceConfiguration",
    property: "targetOSVersion",
    schema: STRING,
    until: "2018-08-01.7.0",
  },
  {
    model: "PoolUsageMetrics",
    property: "dataEgressGiB",
    schema: DOUBLE,
    until: "2018-08-01.7.0",
    required: true,
  },
  {
    model: "PoolUsageMetrics",
    property: "dataIngressGiB",
    schema: DOUBLE,
    until: "2018-08-01.7.0",
    required: true,
  },
  { model: "ResourceFile", property: "blobSource", schema: STRING, until: "2018-08-01.7.0", required: true },
];

/** Requirements that later versions no longer make. */
export const EARLY_REQUIREMENTS: readonly { model: string; property: string; until: string }[] = [
  { model: "ImageReference", property: "publisher", until: "2017-06-01.5.1" },
  { model: "ImageReference", property: "offer", until: "2017-06-01.5.1" },
  { model: "ImageReference", property: "sku", until: "2017-06-01.5.1" },
  { model: "MultiInstanceSettings", property: "numberOfInstances", until: "2017-06-01.5.1" },
  { model: "ResourceFile", property: "filePath", until: "2018-08-01.7.0" },
];

/** Of operations that no description at hand has: what the clients of their time send. */
export const EARLY_QUERIES: Readonly<Record<string, readonly object[]>> = {
  Account_ListNodeAgentSkus: [
    { name: "$filter", type: "string" },
    { name: "maxresults", type: "int32", min: 1, max: 1000, default: 1000 },
  ],
};
