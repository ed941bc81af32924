/**
 * A pool described as a whole, as management does: made when there is none of its name, changed to the description when there is. Its
 * document, its size and its identities change in one transaction. Sources: "Pool - Create", "Pool - Update" of management.
 */
import { isDeepStrictEqual } from "node:util";
import { autoScaleInterval } from "../../core/autoscale/pool-autoscale.ts";
import { Fault } from "../../core/fault.ts";
import { etagOf } from "../../core/lifecycle/resource-version.ts";
import type { PoolDescription } from "../../core/management/pool-request.ts";
import { withAllDefaults } from "../../core/model/filled-defaults.ts";
import { asStored, comparableText } from "../../core/model/written-only.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { type PoolRow, poolById, poolIdentitiesSet, poolSpecSet } from "../../store/work/pools.ts";
import type { PoolAddParameter } from "../../wire/batch/models-types.gen.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import { checkPackageReferences } from "../applications/package-references.ts";
import { checkCertificateReferences } from "../certificates/certificate-references.ts";
import {
  type PoolIdentity,
  poolIdentitiesColumn,
  poolIdentitiesFind,
  poolIdentitiesOf,
} from "../identities/pool-identity.ts";
import { checkAccountsChange } from "../pools/pool-accounts.ts";
import { checkPool, poolColumns, poolInsertNew } from "../pools/pool-add.ts";
import { autoScaleOf, startAutoScale, stopAutoScale } from "../pools/pool-autoscale.ts";
import { refuseFamilies } from "../pools/pool-families.ts";
import { checkMounts } from "../pools/pool-mounts.ts";
import { startResize } from "../pools/pool-resize.ts";
import type { Records } from "../records.ts";

export interface WishedIdentities {
  /** Resource ids that the caller may assign. */
  readonly given: readonly string[];
  /** Resource ids, in small letters, of those that the pool is to lose. */
  readonly removed: readonly string[];
  /** Whether those that the pool has and the request does not name stay. */
  readonly isMerged: boolean;
}

export interface PoolWish {
  readonly description: PoolDescription;
  /** Undefined where the request does not speak of them. */
  readonly identities: WishedIdentities | undefined;
  /** `replace` removes what the description leaves out, where that can be removed. */
  readonly how: "replace" | "change";
  /** The properties that can change once the pool is there. */
  readonly changeable: ReadonlySet<string>;
  /** The request's conditional headers; throws when they do not hold. Undefined is a pool that is not there. */
  readonly precondition: (
    resource: { readonly etag: string; readonly modifiedAt: number } | undefined,
  ) => void;
}

/** Of `changeable`, those that a pool can be without. */
const REMOVABLE = [
  "startTask",
  "certificateReferences",
  "applicationPackageReferences",
  "metadata",
  "targetNodeCommunicationMode",
] as const;

/** What a pool has that was described without. */
const DEFAULTS: Partial<PoolAddParameter> = {
  targetNodeCommunicationMode: "default",
  enableInterNodeCommunication: false,
  taskSlotsPerNode: 1,
  taskSchedulingPolicy: { nodeFillType: "spread" },
};

/** @throws Fault as `poolAdd`; PropertyCannotBeUpdated, PoolBeingDeleted, PoolBeingResized, FailedIdentityOperation, ConditionNotMet */
export function poolPut(app: Records, account: AccountHandle, wish: PoolWish): Promise<void> {
  return app.store.grow(async (c) => {
    const { pool } = wish.description;
    const known = await find(c, account, pool.id);
    wish.precondition(known && versionOf(known));
    if (known) return change(app, c, account, known, wish);
    checkPool(pool);
    await poolInsertNew(app, c, account.key, pool, await identitiesOf(c, account, pool, wish));
  });
}

/** @throws Fault PoolNotFound, and as `poolPut` */
export function poolChange(app: Records, account: AccountHandle, wish: PoolWish): Promise<void> {
  return app.store.write(async (c) => {
    const known = await find(c, account, wish.description.pool.id);
    if (!known) throw new Fault("PoolNotFound");
    wish.precondition(versionOf(known));
    await change(app, c, account, known, wish);
  });
}

const NO_IDENTITIES: WishedIdentities = { given: [], removed: [], isMerged: false };

const versionOf = (pool: PoolRow) => ({ etag: etagOf(pool), modifiedAt: pool.modified_at });

function find(c: Connection, { key }: AccountHandle, id: string): Promise<PoolRow | undefined> {
  return poolById.first(c, { account_key: key, id_lower: id.toLowerCase() });
}

async function change(
  app: Records,
  c: Connection,
  account: AccountHandle,
  pool: PoolRow,
  wish: PoolWish,
): Promise<void> {
  if (pool.state === "deleting") throw new Fault("PoolBeingDeleted");
  const now = app.clock();
  const before = JSON.parse(pool.spec) as PoolAddParameter;
  const after = changedSpec(before, wish);
  if (!isDeepStrictEqual(before, after)) {
    refuseFamilies(app, after);
    await checkAccountsChange(c, pool, before, after);
    await checkCertificateReferences(c, account.key, after.certificateReferences);
    await checkPackageReferences(c, account.key, wish.description.pool.applicationPackageReferences);
    await checkMounts(app, c, wish.description.pool);
    await poolSpecSet.run(c, { key: pool.key, ...poolColumns(after), modified_at: now });
  }
  if (wish.identities !== undefined || wish.how === "replace") {
    const identities = await identitiesOf(c, account, after, wish, poolIdentitiesOf(pool));
    if (!isDeepStrictEqual(poolIdentitiesOf(pool), identities)) {
      const column = poolIdentitiesColumn(identities);
      await poolIdentitiesSet.run(c, { key: pool.key, identities: column, modified_at: now });
    }
  }
  await changeSize(app, c, pool, now, wish);
  app.nudge.placement(pool.key);
  app.nudge.nodes();
}

/** @throws Fault PropertyCannotBeUpdated naming the property */
function changedSpec(before: PoolAddParameter, { description, how, changeable }: PoolWish): PoolAddParameter {
  const { enableAutoScale, autoScaleFormula, autoScaleEvaluationInterval, id, ...given } = description.pool;
  const { targetDedicatedNodes, targetLowPriorityNodes, resizeTimeout, ...document } = given;
  const known: Readonly<Record<string, unknown>> = { ...DEFAULTS, ...before };
  const after: Record<string, unknown> = { ...before };
  // Secrets are not kept, or sealed, and a sealed one never is the same text twice: where nothing else differs, they are taken for the same.
  for (const [name, value] of Object.entries(asStored(document))) {
    if (meansSame(name, known[name], value)) continue;
    if (!changeable.has(name)) {
      if (differsInSecrets(known[name], value)) continue;
      const reason = "The property cannot be changed once the pool is there";
      throw new Fault("PropertyCannotBeUpdated", "One of the properties given cannot be updated.", {
        status: 400,
        values: [
          { key: "PropertyName", value: name },
          { key: "Reason", value: reason },
        ],
      });
    }
    after[name] = value;
  }
  if (description.removesStartTask) delete after.startTask;
  if (how === "replace") for (const name of REMOVABLE) if (!(name in document)) delete after[name];
  return after as unknown as PoolAddParameter;
}

/** What was read, with all that the service fills in, can be sent back. */
function meansSame(name: string, one: unknown, other: unknown): boolean {
  const whole = (value: unknown) => withAllDefaults("PoolAddParameter", { [name]: value })[name];
  return isDeepStrictEqual(one, other) || (one !== undefined && isDeepStrictEqual(whole(one), whole(other)));
}

function differsInSecrets(one: unknown, other: unknown): boolean {
  const text = (value: unknown) => comparableText({ value });
  return one !== undefined && isDeepStrictEqual(JSON.parse(text(one)), JSON.parse(text(other)));
}

async function changeSize(
  app: Records,
  c: Connection,
  pool: PoolRow,
  now: number,
  { description }: PoolWish,
): Promise<void> {
  const { enableAutoScale, autoScaleFormula, autoScaleEvaluationInterval, ...given } = description.pool;
  const { targetDedicatedNodes, targetLowPriorityNodes, resizeTimeout } = given;
  const autoScale = autoScaleOf(pool);
  if (enableAutoScale) {
    const isSame =
      autoScale?.formula === autoScaleFormula &&
      autoScale?.interval === autoScaleInterval(autoScaleEvaluationInterval);
    if (isSame) return;
    const parameter = {
      ...(autoScaleFormula !== undefined && { autoScaleFormula }),
      ...(autoScaleEvaluationInterval !== undefined && { autoScaleEvaluationInterval }),
    };
    await startAutoScale(app, c, pool, now, parameter);
    return;
  }
  if (targetDedicatedNodes === undefined && targetLowPriorityNodes === undefined) return;
  if (autoScale) await stopAutoScale(c, pool, now);
  const dedicated = targetDedicatedNodes ?? pool.target_dedicated;
  const lowPriority = targetLowPriorityNodes ?? pool.target_low_priority;
  if (dedicated === pool.target_dedicated && lowPriority === pool.target_low_priority) return;
  if (pool.allocation_state !== "steady") throw new Fault("PoolBeingResized");
  const deallocation = description.deallocation ?? "requeue";
  await startResize(c, pool, now, { dedicated, lowPriority, deallocation, timeout: resizeTimeout });
}

/** @throws Fault InvalidPropertyValue for a pool of no virtual machines */
async function identitiesOf(
  c: Connection,
  { tenantId }: AccountHandle,
  pool: PoolAddParameter,
  { identities: { given, removed, isMerged } = NO_IDENTITIES }: PoolWish,
  before: readonly PoolIdentity[] = [],
): Promise<PoolIdentity[]> {
  if (given.length > 0 && pool.virtualMachineConfiguration === undefined) {
    throw new Fault("InvalidPropertyValue", "", {
      values: [
        { key: "PropertyName", value: "identity" },
        { key: "PropertyPath", value: "identity" },
        { key: "Reason", value: "Only a pool with a virtual machine configuration can have identities." },
      ],
    });
  }
  const found = await poolIdentitiesFind(c, tenantId, given);
  const named = new Set([...removed, ...given.map((id) => id.toLowerCase())]);
  const kept = isMerged ? before.filter(({ resourceId }) => !named.has(resourceId.toLowerCase())) : [];
  return [...kept, ...found];
}
