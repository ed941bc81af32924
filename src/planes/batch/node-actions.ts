/** What may be done with a compute node. */

import { nodeRequestRestart } from "../../app/node-life/node-restart-request.ts";
import { nodeSchedulingDisable, nodeSchedulingEnable } from "../../app/node-life/node-scheduling.ts";
import { nodeLogsUpload } from "../../app/nodes/node-logs.ts";
import { nodeGet } from "../../app/nodes/node-read.ts";
import { nodeRequestStart } from "../../app/nodes/node-restart.ts";
import type { TasksOnNode } from "../../core/lifecycle/node-restart.ts";
import type {
  NodeDeallocateParameter,
  NodeDisableSchedulingParameter,
  NodeRebootParameter,
  NodeReimageParameter,
  UploadBatchServiceLogsConfiguration,
} from "../../wire/batch/models-types.gen.ts";
import type { BatchContext, BatchReply } from "./request/context.ts";
import { operation } from "./request/operation.ts";
import { resourceReply, untaggedHeaders } from "./request/reply.ts";

const targetOf = ({ app, account, path }: BatchContext) =>
  [app, account, path.poolId ?? "", path.nodeId ?? ""] as const;

/** The service requeues where the request does not say. */
const tasksOf = (option: string | undefined): TasksOnNode =>
  (option?.toLowerCase() ?? "requeue") as TasksOnNode;

async function acted(context: BatchContext): Promise<BatchReply> {
  const { node, pool } = await nodeGet(...targetOf(context));
  return { headers: untaggedHeaders(context, `pools/${pool.id}/nodes/${node.id}`, node.state_at) };
}

export const disableNodeScheduling = operation("ComputeNode_DisableScheduling", async (context) => {
  const body = context.body as NodeDisableSchedulingParameter | undefined;
  await nodeSchedulingDisable(targetOf(context), tasksOf(body?.nodeDisableSchedulingOption));
  return acted(context);
});

export const enableNodeScheduling = operation("ComputeNode_EnableScheduling", async (context) => {
  await nodeSchedulingEnable(targetOf(context));
  return acted(context);
});

export const rebootNode = operation("ComputeNode_Reboot", async (context) => {
  const body = context.body as NodeRebootParameter | undefined;
  await nodeRequestRestart(targetOf(context), "reboot", tasksOf(body?.nodeRebootOption));
  return acted(context);
});

export const reimageNode = operation("ComputeNode_Reimage", async (context) => {
  const body = context.body as NodeReimageParameter | undefined;
  await nodeRequestRestart(targetOf(context), "reimage", tasksOf(body?.nodeReimageOption));
  return acted(context);
});

export const uploadNodeLogs = operation("ComputeNode_UploadBatchServiceLogs", async (context) => {
  const wanted = context.body as UploadBatchServiceLogsConfiguration;
  const uploaded = await nodeLogsUpload(targetOf(context), wanted);
  return resourceReply(
    context,
    "Microsoft.Azure.Batch.Protocol.Entities.UploadBatchServiceLogsResult",
    uploaded,
  );
});

export const deallocateNode = operation("ComputeNode_Deallocate", async (context) => {
  const body = context.body as NodeDeallocateParameter | undefined;
  await nodeRequestRestart(targetOf(context), "deallocate", tasksOf(body?.nodeDeallocateOption));
  return acted(context);
});

export const startNode = operation("ComputeNode_Start", async (context) => {
  await nodeRequestStart(targetOf(context));
  return acted(context);
});
