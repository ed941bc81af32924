/**
 * What takes the place of what an api-version no longer has, when Azure gave it up, and which values of properties end on a date of their
 * own. That something is gone is read off the generated tables; a guard holds this list against them. Sources: the API descriptions; the
 * retirement list and announcements of the public repository Azure/Batch (issues 140, 174, 179 to 181, 188, 196, 197, 200), Azure/EOL's
 * `service_list.json`, and the vendor's pages on migrating from certificates and to simplified node communication.
 */
import type { BatchOperationId } from "./operations.gen.ts";

export interface Successor {
  /** `renamed`: the same under another name or in another place; `gone`: it takes something else. */
  readonly fate: "renamed" | "gone";
  /** The new name, or what to use instead. */
  readonly instead: string;
  /** When the service gave it up, and what is known of it. */
  readonly retired?: string;
}

const gone = (instead: string, retired?: string): Successor => ({
  fate: "gone",
  instead,
  ...(retired && { retired }),
});
const renamed = (instead: string): Successor => ({ fate: "renamed", instead });

export const CERTIFICATES = gone(
  "secrets in Key Vault, installed by the Key Vault VM extension with the pool's identity",
  "2024-02-29: certificates of pools",
);
const COMMUNICATION = gone(
  "leave it out: every pool has simplified communication (outbound 443 to BatchNodeManagement.<region>)",
  "2026-03-31: classic node communication",
);
const TASK_TOKEN = gone(
  "the pool's user-assigned identity, with a role on the Batch account",
  "2024-09-30: authentication tokens of tasks",
);
const LICENCES = gone(
  "a licence server of your own, or an image of the marketplace",
  "2024-02-29: licences paid by use",
);
const LIFETIME = gone(
  "the sum over jobs or pools, read with $expand=stats",
  "2023-04-30: lifetime statistics",
);
const CLOUD_SERVICES = gone("virtualMachineConfiguration", "2024-02-29: pools of cloud services");

export const OPERATION_SUCCESSORS: Readonly<Partial<Record<BatchOperationId, Successor>>> = {
  Account_ListNodeAgentSkus: renamed("GET /supportedimages (images and their node agents, one row each)"),
  Certificate_Add: CERTIFICATES,
  Certificate_CancelDeletion: CERTIFICATES,
  Certificate_Delete: CERTIFICATES,
  Certificate_Get: CERTIFICATES,
  Certificate_List: CERTIFICATES,
  ComputeNode_GetRemoteDesktop: gone(
    "GET …/remoteloginsettings; the RDP file is written from its address and port",
  ),
  Job_GetAllLifetimeStatistics: LIFETIME,
  Pool_GetAllLifetimeStatistics: LIFETIME,
  Pool_ListUsageMetrics: gone(
    "cost and usage data of the subscription, or the metrics of Azure Monitor",
    "2024-09-30: usage metrics of pools",
  ),
  Pool_UpgradeOS: CLOUD_SERVICES,
};

/** By `Model.property`, or by the property's name alone where it says the same in all models. Renames of 2017 and 2018 stand in `older-properties.ts`. */
export const PROPERTY_SUCCESSORS: Readonly<Record<string, Successor>> = {
  applicationLicenses: LICENCES,
  authenticationTokenSettings: TASK_TOKEN,
  certificateReferences: CERTIFICATES,
  cloudServiceConfiguration: CLOUD_SERVICES,
  "CloudServiceConfiguration.currentOSVersion": CLOUD_SERVICES,
  "CloudServiceConfiguration.osVersion": CLOUD_SERVICES,
  "CloudServiceConfiguration.targetOSVersion": CLOUD_SERVICES,
  currentNodeCommunicationMode: COMMUNICATION,
  targetNodeCommunicationMode: COMMUNICATION,
  "DataDisk.storageAccountType": renamed("dataDisks[].managedDisk.storageAccountType"),
  maxTasksPerNode: renamed("taskSlotsPerNode"),
  "NetworkConfiguration.publicIPs": renamed("publicIPAddressConfiguration.ipAddressIds"),
  "OSDisk.imageUris": gone(
    "imageReference.virtualMachineImageId: an image of a Compute Gallery",
    "2026-03-31: images from VHD blobs",
  ),
  "PoolStatistics.usageStats": gone("the metrics of Azure Monitor"),
  "PoolUsageMetrics.dataEgressGiB": gone("the cost and usage data of the subscription"),
  "PoolUsageMetrics.dataIngressGiB": gone("the cost and usage data of the subscription"),
  resourceTags: gone("nothing that is named; marks of your own can stand in metadata"),
  "TaskCounts.validationStatus": gone("nothing: counts are always checked"),
  "UserAccount.sshPrivateKey": renamed("linuxUserConfiguration.sshPrivateKey"),
};

/** By the value, whatever enum it is of. */
export const VALUE_SUCCESSORS: Readonly<Record<string, Successor>> = {
  retaineddata: gone("taskcompletion"),
};

/** Values that end on a date, in every api-version. */
export interface DatedValue {
  readonly property: string;
  /** Of the value, in lower case: it is one of these, or begins with one that ends in `*`. Absent: any but zero and empty. */
  readonly values?: readonly string[];
  readonly date: string;
  readonly what: string;
  readonly instead: string;
}

export const DATED_VALUES: readonly DatedValue[] = [
  {
    property: "targetLowPriorityNodes",
    date: "2026-03",
    what: "low-priority nodes are Spot nodes now",
    instead: "the same property: Spot nodes can be taken away at any time, and their price moves",
  },
  {
    property: "nodeAgentSKUId",
    values: [
      "batch.node.centos*",
      "batch.node.debian 8",
      "batch.node.debian 9",
      "batch.node.debian 10",
      "batch.node.ubuntu 14.04",
      "batch.node.ubuntu 16.04",
      "batch.node.ubuntu 18.04",
    ],
    date: "2024-12-31",
    what: "the node agent has ended",
    instead: "an image that GET /supportedimages shows without batchSupportEndOfLife",
  },
  {
    property: "nodeAgentSKUId",
    values: ["batch.node.ubuntu 20.04"],
    date: "2025-04-23",
    what: "the node agent has ended",
    instead: "batch.node.ubuntu 24.04",
  },
  {
    property: "nodeAgentSKUId",
    values: ["batch.node.mariner 2.0"],
    date: "2025-07-30",
    what: "the node agent has ended",
    instead: "an image of Azure Linux 3",
  },
  {
    property: "nodeAgentSKUId",
    values: ["batch.node.ubuntu 22.04"],
    date: "2027-06-30",
    what: "the node agent ends",
    instead: "batch.node.ubuntu 24.04",
  },
  {
    property: "vmSize",
    values: [
      "basic_a*",
      "standard_a0",
      "standard_a1",
      "standard_a2",
      "standard_a3",
      "standard_a4",
      "standard_a5",
      "standard_a6",
      "standard_a7",
    ],
    date: "2024-08-31",
    what: "the size has ended",
    instead: "a size of the Dsv5 series or newer",
  },
  {
    property: "vmSize",
    values: ["standard_nv*_v3", "standard_nv*_v4"],
    date: "2026-09-30",
    what: "the size has ended",
    instead: "NVadsA10 v5",
  },
  {
    property: "vmSize",
    values: [
      "standard_d1",
      "standard_d2",
      "standard_d3",
      "standard_d4",
      "standard_d11",
      "standard_d12",
      "standard_d13",
      "standard_d14",
      "standard_ds1",
      "standard_ds2",
      "standard_ds3",
      "standard_ds4",
      "standard_ds11",
      "standard_ds12",
      "standard_ds13",
      "standard_ds14",
      "standard_d1_v2",
      "standard_d2_v2",
      "standard_d3_v2",
      "standard_d4_v2",
      "standard_d5_v2",
      "standard_d11_v2",
      "standard_d12_v2",
      "standard_d13_v2",
      "standard_d14_v2",
      "standard_d15_v2",
      "standard_ds1_v2",
      "standard_ds2_v2",
      "standard_ds3_v2",
      "standard_ds4_v2",
      "standard_ds5_v2",
      "standard_ds11_v2",
      "standard_ds12_v2",
      "standard_ds13_v2",
      "standard_ds14_v2",
      "standard_ds15_v2",
    ],
    date: "2028-05-01",
    what: "the size ends",
    instead: "a size of the Dsv5 series or newer",
  },
];

/** Of all api-versions before the first that stays. Source: Azure/Batch issue 140. */
export const FIRST_VERSION_THAT_STAYS = "2025-06-01";
export const RETIREMENT_OF_OLDER_VERSIONS =
  "announced 2026-05-15 for all before 2025-06-01; no date of effect is known (a year's notice is the rule: not before mid-May 2027)";
