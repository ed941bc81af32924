/** The operations on pools. */
import { poolAdd } from "../../app/pools/pool-add.ts";
import {
  poolAutoScaleDisable,
  poolAutoScaleEnable,
  poolAutoScaleEvaluate,
} from "../../app/pools/pool-autoscale.ts";
import { type PoolWithNodes, poolGet, poolListPage } from "../../app/pools/pool-read.ts";
import {
  poolNodesRemove,
  poolRequestDelete,
  poolResize,
  poolResizeStop,
} from "../../app/pools/pool-resize.ts";
import { poolPatch, poolPropertiesReplace } from "../../app/pools/pool-update.ts";
import { Fault } from "../../core/fault.ts";
import { etagOf } from "../../core/lifecycle/resource-version.ts";
import type {
  NodeRemoveParameter,
  PoolAddParameter,
  PoolEnableAutoScaleParameter,
  PoolEvaluateAutoScaleParameter,
  PoolPatchParameter,
  PoolResizeParameter,
  PoolUpdatePropertiesParameter,
} from "../../wire/batch/models-types.gen.ts";
import { autoScaleRunView, shownPool } from "./pool-view.ts";
import type { BatchContext } from "./request/context.ts";
import { listReply, selectOf } from "./request/list.ts";
import { operation } from "./request/operation.ts";
import { changedReply, resourceReply, taggedReply, untaggedHeaders, validators } from "./request/reply.ts";

const poolOf = ({ path }: BatchContext): string => path.poolId ?? "";
const pathOf = (context: BatchContext): string => `pools/${poolOf(context)}`;
const targetOf = (context: BatchContext) =>
  [context.app, context.account, poolOf(context), context.precondition] as const;

export const addPool = operation("Pool_Add", async (context) => {
  const pool = context.body as PoolAddParameter;
  return changedReply(context, `pools/${pool.id}`, await poolAdd(context.app, context.account, pool));
});

export const getPool = operation("Pool_Get", async (context) => {
  const found = await poolGet(context.app, context.account, poolOf(context));
  context.precondition({ etag: etagOf(found.pool), modifiedAt: found.pool.modified_at });
  const view = shownPool(context, found);
  return taggedReply(context, "pools/@Element", found.pool, selectOf(context)(view));
});

/** HEAD: a pool that is not there is an answer, not an error. */
export const poolExists = operation("Pool_Exists", async (context) => {
  try {
    const { pool } = await poolGet(context.app, context.account, poolOf(context));
    context.precondition({ etag: etagOf(pool), modifiedAt: pool.modified_at });
    return { headers: validators(pool) };
  } catch (error) {
    if (error instanceof Fault && error.code === "PoolNotFound") return { status: 404 };
    throw error;
  }
});

export const listPools = operation("Pool_List", (context) =>
  listReply<PoolWithNodes, string>(context, {
    collection: "pools",
    first: "",
    keyedBy: () => "id",
    keyOf: ({ pool }) => pool.id_lower,
    fetch: (after, limit) => poolListPage(context.app, context.account, { after, limit }),
    view: (found) => shownPool(context, found),
  }),
);

export const patchPool = operation("Pool_Patch", async (context) => {
  const { app, account, precondition } = context;
  const row = await poolPatch(
    app,
    account,
    poolOf(context),
    context.body as PoolPatchParameter,
    precondition,
  );
  return changedReply(context, pathOf(context), row);
});

export const updatePoolProperties = operation("Pool_UpdateProperties", async (context) => {
  const body = context.body as PoolUpdatePropertiesParameter;
  const row = await poolPropertiesReplace(context.app, context.account, poolOf(context), body);
  return changedReply(context, pathOf(context), row);
});

export const deletePool = operation("Pool_Delete", async (context) => {
  await poolRequestDelete(targetOf(context));
  return {};
});

export const resizePool = operation("Pool_Resize", async (context) =>
  changedReply(
    context,
    pathOf(context),
    await poolResize(targetOf(context), context.body as PoolResizeParameter),
  ),
);

export const stopPoolResize = operation("Pool_StopResize", async (context) =>
  changedReply(context, pathOf(context), await poolResizeStop(targetOf(context))),
);

export const enablePoolAutoScale = operation("Pool_EnableAutoScale", async (context) =>
  changedReply(
    context,
    pathOf(context),
    await poolAutoScaleEnable(targetOf(context), context.body as PoolEnableAutoScaleParameter),
  ),
);

export const disablePoolAutoScale = operation("Pool_DisableAutoScale", async (context) =>
  changedReply(context, pathOf(context), await poolAutoScaleDisable(targetOf(context))),
);

export const evaluatePoolAutoScale = operation("Pool_EvaluateAutoScale", async (context) => {
  const { autoScaleFormula } = context.body as PoolEvaluateAutoScaleParameter;
  const { app, account } = context;
  const { pool, run } = await poolAutoScaleEvaluate(app, account, poolOf(context), autoScaleFormula);
  return {
    ...resourceReply(context, "Microsoft.Azure.Batch.Protocol.Entities.AutoScaleRun", autoScaleRunView(run)),
    headers: untaggedHeaders(context, pathOf(context), pool.modified_at),
  };
});

export const removePoolNodes = operation("Pool_RemoveNodes", async (context) =>
  changedReply(
    context,
    pathOf(context),
    await poolNodesRemove(targetOf(context), context.body as NodeRemoveParameter),
  ),
);
