/**
 * What is known of 2025-06-01 and 2026-10-01 beyond the description at hand: corrections of the former, and all of the latter, as changes
 * to the version before. Read in the public TypeSpec of Azure/azure-rest-api-specs and in PyPI's `azure-batch` 15.1.0.
 */
import type { SwaggerSchema } from "../swagger.ts";

export const NEWEST_DESCRIBED_BY_TYPE_SPEC = "2025-06-01";
export const NEWEST = "2026-10-01";

/** Of operations, by id: gone with the newest version. */
export const OPERATIONS_GONE: ReadonlySet<string> = new Set(["Pool_ListUsageMetrics"]);

/** Query parameters of operations, by id, that take more than before from 2025-06-01 on. */
export const QUERIES_WIDENED: Readonly<Record<string, { readonly name: string; readonly max: number }>> = {
  Account_ListPoolNodeCounts: { name: "maxresults", max: 1_000 },
};

/** `Model.property` that 2025-06-01 does not have, though its first description still showed them. */
export const PROPERTIES_WITHDRAWN: readonly string[] = [
  "CloudTask.authenticationTokenSettings",
  "JobManagerTask.authenticationTokenSettings",
  "TaskAddParameter.authenticationTokenSettings",
];

/** `Model.property` that went with the newest version. */
export const PROPERTIES_GONE: readonly string[] = ["PoolStatistics.usageStats"];

/** Enum values that went with the newest version. */
export const VALUES_GONE: readonly { readonly name: string; readonly value: string }[] = [
  "ComputeNodeDeallocateOption",
  "ComputeNodeDeallocationOption",
  "ComputeNodeRebootOption",
  "ComputeNodeReimageOption",
].map((name) => ({ name, value: "retaineddata" }));

const INT32: SwaggerSchema = { type: "integer", format: "int32" };
const STRING: SwaggerSchema = { type: "string" };
const model = (name: string): SwaggerSchema => ({ $ref: `#/definitions/${name}` });

interface AddedModel {
  readonly properties: Readonly<Record<string, SwaggerSchema>>;
  readonly required: readonly string[];
}

/** Models that came with the newest version, or got properties with it. */
export const MODELS_ADDED: Readonly<Record<string, AddedModel>> = {
  ComputeNode: { properties: { publicIPAddress: STRING, publicIPv6Address: STRING }, required: [] },
  ...Object.fromEntries(
    ["CloudPool", "PoolAddParameter", "PoolPatchParameter"].map((name) => [
      name,
      { properties: { vmSkuProfile: model("VmSkuProfile") }, required: [] },
    ]),
  ),
  VirtualMachineConfiguration: {
    properties: {
      hardwareProfile: model("HardwareProfile"),
      placement: model("VmPlacement"),
      resiliencyPolicy: model("ResiliencyPolicy"),
    },
    required: [],
  },
  VmSkuProfile: {
    properties: {
      vmSizes: { type: "array", items: model("VmSkuSize"), maxItems: 5 },
      allocationStrategy: model("VmSkuAllocationStrategy"),
    },
    required: ["vmSizes"],
  },
  VmSkuSize: { properties: { name: STRING, rank: { ...INT32, minimum: 0 } }, required: ["name"] },
  HardwareProfile: { properties: { vmSizeProperties: model("VmSizeProperties") }, required: [] },
  VmSizeProperties: { properties: { vCPUsAvailable: INT32, vCPUsPerCore: INT32 }, required: [] },
  VmPlacement: {
    properties: { zonePlacementPolicy: model("ZonePlacementPolicy") },
    required: ["zonePlacementPolicy"],
  },
  ResiliencyPolicy: {
    properties: { zoneAllocationPolicy: model("ZoneAllocationPolicy") },
    required: ["zoneAllocationPolicy"],
  },
  ZoneAllocationPolicy: {
    properties: {
      maxZoneCount: { ...INT32, minimum: 1 },
      maxInstancePercentPerZonePolicy: model("MaxInstancePercentPerZonePolicy"),
    },
    required: [],
  },
  MaxInstancePercentPerZonePolicy: {
    properties: { enabled: { type: "boolean" }, value: { ...INT32, minimum: 1, maximum: 100 } },
    required: ["value"],
  },
};

export const ENUMS_ADDED: Readonly<Record<string, readonly string[]>> = {
  VmSkuAllocationStrategy: ["lowestPrice", "capacityOptimized", "prioritized"],
  ZonePlacementPolicy: ["Auto"],
};
