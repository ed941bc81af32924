/** A Batch account as management shows it, in the api-version that is asked for. Source: "Batch Account - Get". */
import { accountScope } from "../../../app/accounts/account-handle.ts";
import type { ManagedAccount } from "../../../app/management/account-read.ts";
import type { AccountSpec, AutoStorage } from "../../../core/management/account-spec.ts";
import { ACTIVE_JOB_AND_JOB_SCHEDULE_QUOTA, CORE_QUOTA, POOL_QUOTA } from "../../../wire/arm/limits.ts";
import { VIRTUAL_MACHINE_SKUS } from "../../../wire/arm/virtual-machine-skus.ts";
import { accountHost } from "../../../wire/batch/account-host.ts";
import type { ArmContext } from "../request/context.ts";

/** Api-versions that brought something. Source: the types of each api-version. */
const SINCE = {
  modes: "2017-01-01",
  quotas: "2017-05-01",
  familyQuotas: "2019-04-01",
  encryption: "2020-03-01",
  identity: "2020-05-01",
  authenticationModes: "2021-06-01",
  network: "2022-06-01",
  perimeters: "2024-07-01",
} as const;

/** Of a request, what the view of an account depends on. */
type Asked = Pick<ArmContext, "plane" | "exchange" | "apiVersion">;

export function accountView(account: ManagedAccount, context: Asked): object {
  const { handle, spec, isDeleting } = account;
  const has = (what: keyof typeof SINCE): boolean => context.apiVersion >= SINCE[what];
  const access = spec.publicNetworkAccess;
  return {
    id: accountScope(handle),
    name: handle.name,
    type: "Microsoft.Batch/batchAccounts",
    location: handle.location,
    ...(Object.keys(spec.tags).length > 0 && { tags: spec.tags }),
    ...(has("identity") && { identity: identityView(spec, handle.tenantId) }),
    properties: {
      accountEndpoint: accountEndpoint(account, context),
      ...(has("network") && { nodeManagementEndpoint: nodeManagementEndpoint(account, context) }),
      provisioningState: isDeleting ? "Deleting" : "Succeeded",
      ...(has("modes") && {
        poolAllocationMode: spec.poolAllocationMode,
        ...(spec.keyVaultReference && { keyVaultReference: spec.keyVaultReference }),
      }),
      ...(has("encryption") && {
        publicNetworkAccess: access === "SecuredByPerimeter" && !has("perimeters") ? "Enabled" : access,
        privateEndpointConnections: [],
        encryption: spec.encryption,
      }),
      ...(has("network") && spec.networkProfile && { networkProfile: spec.networkProfile }),
      ...(spec.autoStorage && { autoStorage: autoStorageView(spec.autoStorage, has("authenticationModes")) }),
      ...quotasView(spec, has),
      poolQuota: POOL_QUOTA,
      activeJobAndJobScheduleQuota: ACTIVE_JOB_AND_JOB_SCHEDULE_QUOTA,
      ...(has("authenticationModes") && { allowedAuthenticationModes: spec.allowedAuthenticationModes }),
    },
  };
}

/** Weak in management, as the real service's are. */
export function accountHeaders({ changedAt }: ManagedAccount): string[] {
  const etag = `W/"0x${changedAt.toString(16).toUpperCase()}"`;
  return ["ETag", etag, "Last-Modified", new Date(changedAt).toUTCString()];
}

/** Of a user's own subscription the quota is not Batch's. */
function quotasView(spec: AccountSpec, has: (what: keyof typeof SINCE) => boolean): object {
  const isByService = spec.poolAllocationMode === "BatchService";
  if (!has("quotas")) return { coreQuota: CORE_QUOTA };
  return {
    ...(isByService && { dedicatedCoreQuota: CORE_QUOTA, lowPriorityCoreQuota: CORE_QUOTA }),
    ...(has("familyQuotas") && {
      ...(isByService && { dedicatedCoreQuotaPerVMFamily: FAMILY_QUOTAS }),
      dedicatedCoreQuotaPerVMFamilyEnforced: false,
    }),
  };
}

const FAMILY_QUOTAS = [...new Set(VIRTUAL_MACHINE_SKUS.map(({ family }) => family))].map((name) => ({
  name,
  coreQuota: CORE_QUOTA,
}));

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
  { plane, exchange }: Pick<ArmContext, "plane" | "exchange">,
): string {
  const { authority } = exchange;
  const port = plane.accountPort(key);
  if (authority.answeredAs === "arm" || port === undefined) return accountHost({ name, location });
  return authority.name.includes(":") ? `[${authority.name}]:${port}` : `${authority.name}:${port}`;
}

/** Our nodes come to the main port, whoever's they are. */
function nodeManagementEndpoint(
  { handle: { key, location } }: ManagedAccount,
  { exchange }: Pick<ArmContext, "exchange">,
) {
  return exchange.authority.answeredAs === "arm"
    ? `${key}.${location}.service.batch.azure.com`
    : exchange.authority.host;
}

function autoStorageView(autoStorage: AutoStorage, isNewer: boolean): object {
  const { storageAccountId, lastKeySync } = autoStorage;
  return isNewer ? autoStorage : { storageAccountId, lastKeySync };
}
