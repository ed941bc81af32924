/** A Batch account as management shows it, in the api-version that is asked for. Source: "Batch Account - Get". */
import { accountScope } from "../../../app/accounts/account-handle.ts";
import type { ManagedAccount } from "../../../app/management/account-read.ts";
import type { AccountSpec, AutoStorage } from "../../../core/management/account-spec.ts";
import { ACTIVE_JOB_AND_JOB_SCHEDULE_QUOTA, CORE_QUOTA, POOL_QUOTA } from "../../../wire/arm/limits.ts";
import { accountHost } from "../../../wire/batch/account-host.ts";
import type { ArmContext } from "../request/context.ts";

/** Api-versions that brought something; what is not described between 2021-01-01 and 2022-10-01 is answered as the older one. */
const MODES_AND_NETWORK = "2022-10-01";
const PERIMETERS = "2024-07-01";

export function accountView(account: ManagedAccount, context: ArmContext): object {
  const { handle, spec, isDeleting } = account;
  const { apiVersion } = context;
  const isNewer = apiVersion >= MODES_AND_NETWORK;
  const access = spec.publicNetworkAccess;
  const isByService = spec.poolAllocationMode === "BatchService";
  return {
    id: accountScope(handle),
    name: handle.name,
    type: "Microsoft.Batch/batchAccounts",
    location: handle.location,
    tags: spec.tags,
    identity: identityView(spec, handle.tenantId),
    properties: {
      accountEndpoint: accountEndpoint(account, context),
      ...(isNewer && { nodeManagementEndpoint: nodeManagementEndpoint(account, context) }),
      provisioningState: isDeleting ? "Deleting" : "Succeeded",
      poolAllocationMode: spec.poolAllocationMode,
      ...(spec.keyVaultReference && { keyVaultReference: spec.keyVaultReference }),
      publicNetworkAccess: access === "SecuredByPerimeter" && apiVersion < PERIMETERS ? "Enabled" : access,
      ...(isNewer && spec.networkProfile && { networkProfile: spec.networkProfile }),
      privateEndpointConnections: [],
      ...(spec.autoStorage && { autoStorage: autoStorageView(spec.autoStorage, isNewer) }),
      encryption: spec.encryption,
      // Of a user's own subscription the quota is not Batch's.
      ...(isByService && {
        dedicatedCoreQuota: CORE_QUOTA,
        lowPriorityCoreQuota: CORE_QUOTA,
        dedicatedCoreQuotaPerVMFamily: [],
      }),
      dedicatedCoreQuotaPerVMFamilyEnforced: false,
      poolQuota: POOL_QUOTA,
      activeJobAndJobScheduleQuota: ACTIVE_JOB_AND_JOB_SCHEDULE_QUOTA,
      ...(isNewer && { allowedAuthenticationModes: spec.allowedAuthenticationModes }),
    },
  };
}

function identityView({ identities, systemIdentity }: AccountSpec, tenantId: string): object {
  if (systemIdentity) return { type: "SystemAssigned", principalId: systemIdentity.principalId, tenantId };
  if (identities.length === 0) return { type: "None" };
  const userAssignedIdentities = Object.fromEntries(
    identities.map(({ resourceId, principalId, clientId }) => [resourceId, { principalId, clientId }]),
  );
  return { type: "UserAssigned", userAssignedIdentities };
}

/** Without scheme, and reachable the way the caller came: by Azure's name, or by the account's port on this machine. */
export function accountEndpoint(
  { handle: { key, name, location } }: ManagedAccount,
  { plane, exchange }: ArmContext,
): string {
  const { authority } = exchange;
  const port = plane.accountPort(key);
  if (authority.answeredAs === "arm" || port === undefined) return accountHost({ name, location });
  return authority.name.includes(":") ? `[${authority.name}]:${port}` : `${authority.name}:${port}`;
}

/** Our nodes come to the main port, whoever's they are. */
function nodeManagementEndpoint({ handle: { key, location } }: ManagedAccount, { exchange }: ArmContext) {
  return exchange.authority.answeredAs === "arm"
    ? `${key}.${location}.service.batch.azure.com`
    : exchange.authority.host;
}

function autoStorageView(autoStorage: AutoStorage, isNewer: boolean): object {
  const { storageAccountId, lastKeySync } = autoStorage;
  return isNewer ? autoStorage : { storageAccountId, lastKeySync };
}
