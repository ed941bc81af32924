/**
 * What takes the place of what an api-version no longer has, and when Azure gave it up. That something is gone is read off the generated tables; a guard holds this list against them. Sources: the API descriptions; the
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
export const renamed = (instead: string): Successor => ({ fate: "renamed", instead });

export const CERTIFICATES = gone(
  "secrets in Key Vault, installed by the Key Vault VM extension with the pool's identity",
  "2024-02-29: certificates of pools",
);
export const COMMUNICATION = gone(
  "leave it out: every pool has simplified communication (outbound 443 to BatchNodeManagement.<region>)",
  "2026-03-31: classic node communication",
);
export const TASK_TOKEN = gone(
  "the pool's user-assigned identity, with a role on the Batch account",
  "2024-09-30: authentication tokens of tasks",
);
export const LICENCES = gone(
  "a licence server of your own, or an image of the marketplace",
  "2024-02-29: licences paid by use",
);
const LIFETIME = gone(
  "the sum over jobs or pools, read with $expand=stats",
  "2023-04-30: lifetime statistics",
);
export const CLOUD_SERVICES = gone("virtualMachineConfiguration", "2024-02-29: pools of cloud services");

export const RESOURCE_TAGS = gone("nothing that is named; marks of your own can stand in metadata");

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
  resourceTags: RESOURCE_TAGS,
  "TaskCounts.validationStatus": gone("nothing: counts are always checked"),
  "UserAccount.sshPrivateKey": renamed("linuxUserConfiguration.sshPrivateKey"),
};

/** By the value, whatever enum it is of. */
export const VALUE_SUCCESSORS: Readonly<Record<string, Successor>> = {
  retaineddata: gone("taskcompletion"),
};

/** Of all api-versions before the first that stays. Source: Azure/Batch issue 140. */
export const FIRST_VERSION_THAT_STAYS = "2025-06-01";
export const RETIREMENT_OF_OLDER_VERSIONS =
  "announced 2026-05-15 for all before 2025-06-01; no date of effect is known (a year's notice is the rule: not before mid-May 2027)";
