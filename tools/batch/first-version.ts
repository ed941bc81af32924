/**
 * What 2018-08-01.7.0 had otherwise than 2018-12-01.8.0: the list of changes begins only there. Read by comparing the models of the npm
 * releases `@azure/batch` 6.0.0 and 7.0.0, which send these two versions.
 *
 * Left out: `VirtualMachineConfiguration.osDisk`, which was a different thing from the one that came back in 2021-06-01.14.0.
 */
import type { SwaggerSchema } from "../swagger.ts";

/** In the words of the list of changes. */
export const FIRST_VERSION_CHANGES = [
  "### 2018-08-01.7.0 -> 2018-12-01.8.0",
  "- definitions added: JobNetworkConfiguration{subnetId}, WindowsUserConfiguration{loginMode}",
  `- properties added: ${[
    "CloudJob.networkConfiguration",
    "CloudServiceConfiguration.osVersion",
    "JobAddParameter.networkConfiguration",
    "JobSpecification.networkConfiguration",
    "NetworkConfiguration.dynamicVNetAssignmentScope",
    "ResourceFile.autoStorageContainerName",
    "ResourceFile.blobPrefix",
    "ResourceFile.httpUrl",
    "ResourceFile.storageContainerUrl",
    "UserAccount.windowsUserConfiguration",
  ].join(", ")}`,
].join("\n");

/** Properties that no later version has, or that only this one requires. */
export const FIRST_VERSION_ONLY: readonly {
  readonly model: string;
  readonly property: string;
  readonly schema: SwaggerSchema;
  readonly required?: boolean;
}[] = [
  { model: "CloudServiceConfiguration", property: "currentOSVersion", schema: { type: "string" } },
  { model: "CloudServiceConfiguration", property: "targetOSVersion", schema: { type: "string" } },
  {
    model: "PoolUsageMetrics",
    property: "dataEgressGiB",
    schema: { type: "number", format: "double" },
    required: true,
  },
  {
    model: "PoolUsageMetrics",
    property: "dataIngressGiB",
    schema: { type: "number", format: "double" },
    required: true,
  },
  { model: "ResourceFile", property: "blobSource", schema: { type: "string" }, required: true },
];
