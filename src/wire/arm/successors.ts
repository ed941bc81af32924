/**
 * What takes the place of an operation of `Microsoft.Batch` that a later api-version of it no longer has, and of what stands in the bodies of its
 * requests and replies. Sources: the API descriptions; the published types of every api-version, against which a guard holds the list; for
 * what comes after 2025-06-01 the specification's pull request 44528, whose name is not final.
 */
import {
  CERTIFICATES,
  CLOUD_SERVICES,
  COMMUNICATION,
  LICENCES,
  RESOURCE_TAGS,
  renamed,
  type Successor,
  TASK_TOKEN,
} from "../batch/successors.ts";
import type { ArmOperationId } from "./operations.ts";

export const ARM_OPERATION_SUCCESSORS: Readonly<Partial<Record<ArmOperationId, Successor>>> = {
  "Microsoft.Batch/Certificate_CancelDeletion": CERTIFICATES,
  "Microsoft.Batch/Certificate_Create": CERTIFICATES,
  "Microsoft.Batch/Certificate_Delete": CERTIFICATES,
  "Microsoft.Batch/Certificate_Get": CERTIFICATES,
  "Microsoft.Batch/Certificate_ListByBatchAccount": CERTIFICATES,
  "Microsoft.Batch/Certificate_Update": CERTIFICATES,
  "Microsoft.Batch/Location_ListSupportedCloudServiceSkus": {
    fate: "gone",
    instead: "GET …/virtualMachineSkus, and pools with a virtual machine configuration",
    retired: "2024-02-29: pools of cloud services",
  },
};

/** The api-version after 2025-06-01, by the name that its folder had last. */
export const NEXT_MANAGEMENT_VERSION = "2026-10-01";

export interface ManagementSuccessor extends Successor {
  /** Of operations `Microsoft.Batch/<of>_…`. */
  readonly of: "Application" | "ApplicationPackage" | "BatchAccount" | "Pool" | "PrivateEndpointConnection";
  /** From the resource's top; `[]` behind the name of a list. */
  readonly path: string;
  /** Only where it is this word, in lower case. */
  readonly word?: string;
  /** The newest api-version that has it. */
  readonly last: string;
  /** Default: whatever requests and replies hold it. */
  readonly in?: RegExp;
}

const MACHINE = "properties.deploymentConfiguration.virtualMachineConfiguration";
const ACTION = "properties.privateLinkServiceConnectionState.actionRequired";
const ACTIONS = { last: "2022-06-01", ...renamed("actionsRequired") };
const MOVED = ["Application", "ApplicationPackage"] as const;

/** Until 2017-09-01 these resources had their properties beside their name. */
const moved = (of: (typeof MOVED)[number], names: string): ManagementSuccessor[] =>
  names.split(" ").map((path) => ({ of, path, last: "2017-09-01", ...renamed(`properties.${path}`) }));

export const ARM_PROPERTY_SUCCESSORS: readonly ManagementSuccessor[] = [
  ...moved("Application", "allowUpdates defaultVersion displayName"),
  {
    of: "Application",
    path: "packages",
    last: "2017-09-01",
    fate: "gone",
    instead: "GET …/applications/{applicationName}/versions",
  },
  ...moved("ApplicationPackage", "format lastActivationTime state storageUrl storageUrlExpiry version"),
  { of: "Pool", path: "properties.certificates", last: "2024-07-01", ...CERTIFICATES },
  { of: "Pool", path: "properties.applicationLicenses", last: "2024-07-01", ...LICENCES },
  { of: "Pool", path: "properties.currentNodeCommunicationMode", last: "2024-07-01", ...COMMUNICATION },
  { of: "Pool", path: "properties.targetNodeCommunicationMode", last: "2024-07-01", ...COMMUNICATION },
  { of: "Pool", path: "properties.resourceTags", last: "2024-07-01", ...RESOURCE_TAGS },
  { of: "Pool", path: "properties.maxTasksPerNode", last: "2020-05-01", ...renamed("taskSlotsPerNode") },
  {
    of: "Pool",
    path: "properties.deploymentConfiguration.cloudServiceConfiguration",
    last: "2024-02-01",
    ...CLOUD_SERVICES,
  },
  ...["currentOSVersion", "targetOSVersion"].map(
    (name): ManagementSuccessor => ({
      of: "Pool",
      path: `properties.deploymentConfiguration.cloudServiceConfiguration.${name}`,
      last: "2017-09-01",
      ...renamed("osVersion"),
    }),
  ),
  {
    of: "Pool",
    path: `${MACHINE}.dataDisks[].storageAccountType`,
    last: "2024-07-01",
    ...renamed("dataDisks[].managedDisk.storageAccountType"),
  },
  {
    of: "Pool",
    path: "properties.networkConfiguration.publicIPs",
    last: "2019-08-01",
    ...renamed("publicIPAddressConfiguration.ipAddressIds"),
  },
  {
    of: "Pool",
    path: "properties.networkConfiguration.dynamicVNetAssignmentScope",
    last: "2022-06-01",
    ...renamed("dynamicVnetAssignmentScope"),
  },
  {
    of: "Pool",
    path: "properties.mountConfiguration[].cifsMountConfiguration.username",
    last: "2022-06-01",
    ...renamed("userName"),
  },
  {
    of: "Pool",
    path: "properties.startTask.resourceFiles[].blobSource",
    last: "2017-09-01",
    ...renamed("httpUrl"),
  },
  { of: "BatchAccount", path: "properties.coreQuota", last: "2017-01-01", ...renamed("dedicatedCoreQuota") },
  { of: "BatchAccount", path: `properties.privateEndpointConnections[].${ACTION}`, ...ACTIONS },
  { of: "PrivateEndpointConnection", path: ACTION, ...ACTIONS },
  {
    of: "Pool",
    path: "properties.scaleSettings.fixedScale.nodeDeallocationOption",
    word: "retaineddata",
    last: "2025-06-01",
    fate: "gone",
    instead: "TaskCompletion",
  },
  {
    of: "BatchAccount",
    path: "properties.allowedAuthenticationModes[]",
    word: "taskauthenticationtoken",
    last: "2025-06-01",
    ...TASK_TOKEN,
  },
  ...["storageUrl", "storageUrlExpiry"].map(
    (name): ManagementSuccessor => ({
      of: "ApplicationPackage",
      path: `properties.${name}`,
      last: "2025-06-01",
      in: /_(Activate|Get|List)$/,
      fate: "gone",
      instead: "the answer to PUT, which alone has it; PUT again for a new one",
    }),
  ),
];

/** Where the values stand in a pool of management that end on a date of their own; by the data plane's name. */
export const DATED_PATHS: Readonly<Record<string, string>> = {
  nodeAgentSKUId: `${MACHINE}.nodeAgentSkuId`,
  sku: `${MACHINE}.imageReference.sku`,
  targetLowPriorityNodes: "properties.scaleSettings.fixedScale.targetLowPriorityNodes",
  virtualMachineImageId: `${MACHINE}.imageReference.id`,
  vmSize: "properties.vmSize",
};
