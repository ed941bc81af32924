/** Pools of a Batch account: the same ones that its data plane has. */

import { type AccountHandle, accountScope } from "../../../app/accounts/account-handle.ts";
import { resourceTags, resourceTagsSet } from "../../../app/management/resource-tags.ts";
import { poolAutoScaleDisable } from "../../../app/pools/pool-autoscale.ts";
import { managedPoolDelete } from "../../../app/pools/pool-delete.ts";
import { type PoolWish, poolChange, poolPut } from "../../../app/pools/pool-put.ts";
import { type PoolWithNodes, poolGet, poolListAll } from "../../../app/pools/pool-read.ts";
import { type PoolTarget, poolResizeStop } from "../../../app/pools/pool-resize.ts";
import { sealMountSecrets } from "../../../app/secrets/mount-secrets.ts";
import { sealRegistryPasswords } from "../../../app/secrets/registry-passwords.ts";
import { Fault } from "../../../core/fault.ts";
import { modelVersion, unknownProperty } from "../../../core/management/data-plane-model.ts";
import type { JsonObject } from "../../../core/management/json-body.ts";
import {
  changeableProperties,
  inManagementNames,
  poolDescription,
} from "../../../core/management/pool-request.ts";
import { type Tags, tagsOf } from "../../../core/management/tags.ts";
import { POOL_IDENTITY_SINCE } from "../../../wire/arm/pool-model.ts";
import { POOL_BODY_MAX_BYTES } from "../../../wire/batch/limits.ts";
import { poolDeletionAccepted } from "../operation-results.ts";
import type { ArmContext, ArmReply } from "../request/context.ts";
import { readJsonBody } from "../request/json-body.ts";
import { listFilter, listSelect } from "../request/list-query.ts";
import { filteredList, operation } from "../request/operation.ts";
import { preconditionOf } from "../request/precondition.ts";
import { linkedIdentities } from "./linked-identities.ts";
import { changingAccount, namedAccount } from "./named-account.ts";
import { poolEtag, poolScope, poolView } from "./pool-view.ts";

const poolName = ({ path }: ArmContext): string => path.poolName ?? "";

interface Listed {
  readonly account: string;
  readonly found: PoolWithNodes;
}

const viewOf = ({ account, found }: Listed, { apiVersion }: ArmContext) =>
  poolView(account, found, apiVersion);

/** Source: "Pool - List By Batch Account". */
const FILTERED = [
  "name",
  "properties/allocationState",
  "properties/allocationStateTransitionTime",
  "properties/creationTime",
  "properties/provisioningState",
  "properties/provisioningStateTransitionTime",
  "properties/lastModified",
  "properties/vmSize",
  "properties/interNodeCommunication",
  "properties/scaleSettings/autoScale",
  "properties/scaleSettings/fixedScale",
];

export const listPools = filteredList<Listed>("Microsoft.Batch/Pool_ListByBatchAccount", {
  fetch: async (context) => {
    const { handle } = await namedAccount(context);
    const account = accountScope(handle);
    return (await poolListAll(context.plane, handle)).map((found) => ({ account, found }));
  },
  scopeOf: ({ account, found }) => poolScope(account, found),
  filter: (context) => {
    const matches = listFilter(context.exchange.query, FILTERED);
    return (listed) => matches(viewOf(listed, context));
  },
  view: (listed, context) => listSelect(context.exchange.query)(viewOf(listed, context)),
});

export const getPool = operation("Microsoft.Batch/Pool_Get", async (context) =>
  poolReply(context, (await namedAccount(context)).handle),
);

export const createPool = operation("Microsoft.Batch/Pool_Create", async (context) => {
  const { handle } = await changingAccount(context);
  const wish = await wishOf(context, handle, "replace");
  await inNamesOf(context, () => poolPut(context.plane, handle, wish));
  await keepTags(context, handle, wish.tags ?? {});
  return poolReply(context, handle);
});

export const updatePool = operation("Microsoft.Batch/Pool_Update", async (context) => {
  const { handle } = await changingAccount(context);
  const wish = await wishOf(context, handle, "change");
  await inNamesOf(context, () => poolChange(context.plane, handle, wish));
  if (wish.tags) await keepTags(context, handle, wish.tags);
  return poolReply(context, handle);
});

export const deletePool = operation("Microsoft.Batch/Pool_Delete", async (context) => {
  const { handle } = await namedAccount(context);
  const key = await managedPoolDelete(context.plane, handle, poolName(context));
  return key === undefined ? { status: 204 } : poolDeletionAccepted(context, handle, key);
});

export const disablePoolAutoScale = operation("Microsoft.Batch/Pool_DisableAutoScale", async (context) => {
  const { handle } = await changingAccount(context);
  await poolAutoScaleDisable(targetOf(context, handle));
  return poolReply(context, handle);
});

export const stopPoolResize = operation("Microsoft.Batch/Pool_StopResize", async (context) => {
  const { handle } = await changingAccount(context);
  const { pool } = await poolGet(context.plane, handle, poolName(context));
  // Nothing to stop changes nothing.
  if (pool.allocation_state !== "steady") await poolResizeStop(targetOf(context, handle));
  return poolReply(context, handle);
});

/** Pools have tags since. */
const TAGS_SINCE = "2024-07-01";

async function keepTags(context: ArmContext, handle: AccountHandle, tags: Tags): Promise<void> {
  if (context.apiVersion < TAGS_SINCE) return;
  const { pool } = await poolGet(context.plane, handle, poolName(context));
  await resourceTagsSet(context.plane, "pool", pool, tags);
}

async function poolReply(context: ArmContext, handle: AccountHandle): Promise<ArmReply> {
  const found = await poolGet(context.plane, handle, poolName(context));
  const tags = context.apiVersion < TAGS_SINCE ? {} : await resourceTags(context.plane, "pool", found.pool);
  const json = {
    ...poolView(accountScope(handle), found, context.apiVersion),
    ...(Object.keys(tags).length > 0 && { tags }),
  };
  return {
    json,
    headers: ["ETag", poolEtag(found), "Last-Modified", new Date(found.pool.modified_at).toUTCString()],
  };
}

const targetOf = (context: ArmContext, handle: AccountHandle): PoolTarget => [
  context.plane,
  handle,
  poolName(context),
  preconditionOf(context),
];

async function wishOf(
  context: ArmContext,
  handle: AccountHandle,
  how: PoolWish["how"],
): Promise<PoolWish & { readonly tags: Tags | undefined }> {
  const body = await readJsonBody(context.exchange, POOL_BODY_MAX_BYTES);
  context.watch?.body(body);
  const version = modelVersion(context.apiVersion);
  const description = poolDescription(
    body,
    { name: poolName(context), account: accountScope(handle), isChange: how === "change" },
    version,
  );
  sealRegistryPasswords(context.plane.sealing, description.pool);
  sealMountSecrets(context.plane.sealing, description.pool);
  return {
    description,
    identities: identitiesOf(context, handle, body, how),
    how,
    changeable: changeableProperties(version),
    precondition: preconditionOf(context),
    tags: tagsOf(body),
  };
}

function identitiesOf(
  context: ArmContext,
  handle: AccountHandle,
  body: JsonObject,
  how: PoolWish["how"],
): PoolWish["identities"] {
  if (context.apiVersion < POOL_IDENTITY_SINCE && body.identity !== undefined)
    throw unknownProperty("identity");
  const request = linkedIdentities(context, body, ["UserAssigned", "None"], how === "change");
  if (request === undefined) return undefined;
  if (request.userAssigned.length > 0 && context.plane.refusesIdentities) {
    throw identityRefused(
      "Nodes are not isolated here, and any program of this machine could use their identities; start the service with --isolation namespace, or with --allow-unisolated-identities.",
    );
  }
  refuseElsewhere(context, handle, request.userAssigned);
  const { type, userAssigned, removed } = request;
  return { given: userAssigned, removed, isMerged: how === "change" && type === "UserAssigned" };
}

function refuseElsewhere({ plane }: ArmContext, { location }: AccountHandle, ids: readonly string[]): void {
  if (ids.length === 0 || plane.identityLocations?.includes(location) !== false) return;
  throw identityRefused(`Pools with identities are not to be had in '${location}'.`);
}

function identityRefused(reason: string): Fault {
  return new Fault("InvalidPropertyValue", "", {
    values: [
      { key: "PropertyName", value: "identity" },
      { key: "PropertyPath", value: "identity" },
      { key: "Reason", value: reason },
    ],
  });
}

async function inNamesOf(context: ArmContext, change: () => Promise<void>): Promise<void> {
  try {
    await change();
  } catch (error) {
    throw inManagementNames(error, modelVersion(context.apiVersion));
  }
}
