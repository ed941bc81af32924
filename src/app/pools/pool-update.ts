/** Changes a pool's document. Source: Azure Batch REST, "Pool - Patch", "Pool - Update Properties". */
import { Fault } from "../../core/fault.ts";
import { etagOf, type ModifiedVersion, type Precondition } from "../../core/lifecycle/resource-version.ts";
import { poolSpecSet } from "../../store/work/pools.ts";
import type {
  PoolAddParameter,
  PoolPatchParameter,
  PoolUpdatePropertiesParameter,
} from "../../wire/batch/models-types.gen.ts";
import type { AccountHandle } from "../accounts/account-handle.ts";
import { checkPackageReferences } from "../applications/package-references.ts";
import { checkCertificateReferences } from "../certificates/certificate-references.ts";
import type { Records } from "../records.ts";
import { checkAccountsChange } from "./pool-accounts.ts";
import { poolColumns } from "./pool-add.ts";
import { refuseFamilies } from "./pool-families.ts";
import { checkMounts } from "./pool-mounts.ts";
import { poolFind } from "./pool-read.ts";

/** What is left out of the patch stays. @throws Fault PoolNotFound, PoolBeingDeleted, ConditionNotMet */
export function poolPatch(
  app: Records,
  account: AccountHandle,
  poolId: string,
  patch: PoolPatchParameter,
  precondition: Precondition,
): Promise<ModifiedVersion> {
  return change(
    app,
    account,
    poolId,
    precondition,
    patch,
    (spec) => ({ ...spec, ...patch }) as PoolAddParameter,
  );
}

/** What is left out of the update is removed. @throws as `poolPatch` */
export function poolPropertiesReplace(
  app: Records,
  account: AccountHandle,
  poolId: string,
  update: PoolUpdatePropertiesParameter,
): Promise<ModifiedVersion> {
  return change(
    app,
    account,
    poolId,
    () => {},
    update,
    ({
      startTask: _s,
      metadata: _m,
      certificateReferences: _c,
      applicationPackageReferences: _a,
      ...fixed
    }) => ({ ...fixed, ...update }) as PoolAddParameter,
  );
}

function change(
  app: Records,
  account: AccountHandle,
  poolId: string,
  precondition: Precondition,
  // A package that has gone since keeps nobody from other changes.
  asked: Pick<PoolAddParameter, "applicationPackageReferences" | "mountConfiguration">,
  edit: (spec: PoolAddParameter) => PoolAddParameter,
): Promise<ModifiedVersion> {
  return app.store.write(async (c) => {
    const pool = await poolFind(c, account, poolId);
    precondition({ etag: etagOf(pool), modifiedAt: pool.modified_at });
    if (pool.state === "deleting") throw new Fault("PoolBeingDeleted");
    const before = JSON.parse(pool.spec) as PoolAddParameter;
    const spec = edit(before);
    refuseFamilies(app, spec);
    await checkAccountsChange(c, pool, before, spec);
    await checkCertificateReferences(c, account.key, spec.certificateReferences);
    await checkPackageReferences(c, account.key, asked.applicationPackageReferences);
    await checkMounts(app, c, asked);
    const modified_at = app.clock();
    await poolSpecSet.run(c, { key: pool.key, ...poolColumns(spec), modified_at });
    app.nudge.placement(pool.key);
    return { created_at: pool.created_at, version: pool.version + 1, modified_at };
  });
}
