/** A pool as management shows it, in the api-version that is asked for. Source: "Pool - Get" of management. */
import { autoScaleOf } from "../../../app/pools/pool-autoscale.ts";
import type { PoolWithNodes } from "../../../app/pools/pool-read.ts";
import type { PoolAutoScale } from "../../../core/autoscale/pool-autoscale.ts";
import type { PoolResize } from "../../../core/lifecycle/pool-resize.ts";
import { etagOf } from "../../../core/lifecycle/resource-version.ts";
import { managementWord, modelVersion, toManagement } from "../../../core/management/data-plane-model.ts";
import { applicationId, certificateId } from "../../../core/management/pool-references.ts";
import { millisecondsToDuration } from "../../../core/model/iso-duration.ts";
import { parseWithoutSecrets } from "../../../core/model/written-only.ts";
import { POOL_IDENTITY_SINCE } from "../../../wire/arm/pool-model.ts";
import type { PoolAddParameter } from "../../../wire/batch/models-types.gen.ts";
import { managementSpelling } from "../../../wire/batch/vm-sizes.ts";

const time = (at: number): string => new Date(at).toISOString();

/** @param account its resource id */
export function poolView(account: string, found: PoolWithNodes, apiVersion: string): object {
  const { pool, identities } = found;
  const identity = Object.fromEntries(
    identities.map(({ resourceId, principalId, clientId }) => [
      resourceId,
      { ...(principalId && { principalId }), ...(clientId && { clientId }) },
    ]),
  );
  return {
    id: poolScope(account, found),
    name: pool.id,
    type: "Microsoft.Batch/batchAccounts/pools",
    etag: poolEtag(found),
    properties: propertiesView(account, found, apiVersion),
    ...(apiVersion >= POOL_IDENTITY_SINCE &&
      identities.length > 0 && { identity: { type: "UserAssigned", userAssignedIdentities: identity } }),
  };
}

export function poolScope(account: string, { pool }: PoolWithNodes): string {
  return `${account}/pools/${pool.id}`;
}

/** Weak in management, as the real service's are. */
export function poolEtag({ pool }: PoolWithNodes): string {
  return `W/"${etagOf(pool)}"`;
}

function propertiesView(account: string, { pool, nodes }: PoolWithNodes, apiVersion: string): object {
  const staying = nodes.filter(({ state }) => state !== "creating");
  const dedicated = staying.filter(({ is_dedicated }) => is_dedicated === 1).length;
  const resize = pool.resize === null ? undefined : (JSON.parse(pool.resize) as PoolResize);
  const autoScale = autoScaleOf(pool);
  const targets = {
    targetDedicatedNodes: pool.target_dedicated,
    targetLowPriorityNodes: pool.target_low_priority,
    ...(resize && { resizeTimeout: millisecondsToDuration(resize.timeoutMs) }),
  };
  return {
    ...documentView(account, pool, apiVersion),
    creationTime: time(pool.created_at),
    lastModified: time(pool.modified_at),
    provisioningState: pool.state === "deleting" ? "Deleting" : "Succeeded",
    provisioningStateTransitionTime: time(pool.state_at),
    allocationState: managementWord("AllocationState", pool.allocation_state),
    allocationStateTransitionTime: time(pool.allocation_at),
    currentDedicatedNodes: dedicated,
    currentLowPriorityNodes: staying.length - dedicated,
    ...(autoScale ? autoScaleView(autoScale) : { scaleSettings: { fixedScale: targets } }),
    ...(resize && { resizeOperationStatus: resizeView(resize, targets) }),
  };
}

/** What was described, under management's names. */
function documentView(account: string, pool: PoolWithNodes["pool"], apiVersion: string): object {
  const stored = parseWithoutSecrets<PoolAddParameter>(pool.spec);
  const version = modelVersion(apiVersion);
  const spec = {
    ...stored,
    taskSlotsPerNode: pool.slots_per_node,
    maxTasksPerNode: pool.slots_per_node,
    taskSchedulingPolicy: { ...stored.taskSchedulingPolicy, nodeFillType: pool.fill },
    currentNodeCommunicationMode: "simplified",
  };
  const {
    id: _id,
    enableInterNodeCommunication: _e,
    virtualMachineConfiguration,
    cloudServiceConfiguration,
    certificateReferences: _c,
    applicationPackageReferences: _a,
    targetDedicatedNodes: _d,
    targetLowPriorityNodes: _l,
    resizeTimeout: _r,
    ...shown
  } = toManagement("CloudPool", spec, version);
  const certificates = stored.certificateReferences?.map((reference) => {
    const { thumbprint, thumbprintAlgorithm, ...rest } = reference;
    const id = certificateId(account, thumbprintAlgorithm, thumbprint);
    return { id, ...toManagement("CertificateReference", rest, version) };
  });
  const packages = stored.applicationPackageReferences?.map(({ applicationId: name, ...rest }) => ({
    // The data plane takes names and ids.
    id: name.includes("/") ? name : applicationId(account, name),
    ...rest,
  }));
  const deployment = virtualMachineConfiguration ?? cloudServiceConfiguration;
  return {
    ...shown,
    vmSize: managementSpelling(stored.vmSize),
    interNodeCommunication: stored.enableInterNodeCommunication ? "Enabled" : "Disabled",
    ...(deployment !== undefined && {
      deploymentConfiguration: {
        ...(virtualMachineConfiguration !== undefined && { virtualMachineConfiguration }),
        ...(cloudServiceConfiguration !== undefined && { cloudServiceConfiguration }),
      },
    }),
    ...(certificates && { certificates }),
    ...(packages && { applicationPackages: packages }),
    ...(stored.applicationLicenses && { applicationLicenses: stored.applicationLicenses }),
  };
}

function autoScaleView({ formula, interval, run }: PoolAutoScale): object {
  const error = run?.error && withDetails(run.error);
  return {
    scaleSettings: { autoScale: { formula, evaluationInterval: millisecondsToDuration(interval) } },
    ...(run && {
      autoScaleRun: {
        evaluationTime: time(run.timestamp),
        ...(error ? { error } : { results: run.results }),
      },
    }),
  };
}

function resizeView({ startedAt, deallocation, errors }: PoolResize, targets: object): object {
  return {
    ...targets,
    nodeDeallocationOption: managementWord("ComputeNodeDeallocationOption", deallocation),
    startTime: time(startedAt),
    ...(errors.length > 0 && { errors: errors.map(withDetails) }),
  };
}

function withDetails({
  code,
  message,
  values,
}: {
  readonly code: string;
  readonly message: string;
  readonly values?: readonly { readonly name: string; readonly value: string }[];
}): object {
  const details = values?.map(({ name, value }) => ({ code: name, message: value }));
  return { code, message, ...(details && { details }) };
}
