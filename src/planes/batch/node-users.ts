/** Users of compute nodes, and where they log in. */
import { nodeGet } from "../../app/nodes/node-read.ts";
import { nodeLoginGet, nodeUserAdd, nodeUserRemove, nodeUserUpdate } from "../../app/nodes/node-users.ts";
import type { ComputeNodeUser, NodeUpdateUserParameter } from "../../wire/batch/models-types.gen.ts";
import type { BatchContext, BatchReply } from "./request/context.ts";
import { operation } from "./request/operation.ts";
import { untaggedHeaders, untaggedReply } from "./request/reply.ts";

const targetOf = ({ app, account, path }: BatchContext) =>
  [app, account, path.poolId ?? "", path.nodeId ?? ""] as const;

/** A user has no time of its own: its node's stands for it. */
async function changed(context: BatchContext, name: string): Promise<BatchReply> {
  const { pool, node } = await nodeGet(...targetOf(context));
  const user = `pools/${pool.id}/nodes/${node.id}/users/${encodeURIComponent(name)}`;
  return { headers: untaggedHeaders(context, user, node.state_at) };
}

export const addNodeUser = operation("ComputeNode_AddUser", async (context) => {
  const user = context.body as ComputeNodeUser;
  await nodeUserAdd(targetOf(context), user);
  return changed(context, user.name);
});

export const updateNodeUser = operation("ComputeNode_UpdateUser", async (context) => {
  const { userName = "" } = context.path;
  await nodeUserUpdate(targetOf(context), userName, context.body as NodeUpdateUserParameter);
  return changed(context, userName);
});

export const deleteNodeUser = operation("ComputeNode_DeleteUser", async (context) => {
  await nodeUserRemove(targetOf(context), context.path.userName ?? "");
  return {};
});

export const getRemoteLoginSettings = operation("ComputeNode_GetRemoteLoginSettings", async (context) => {
  const { node, login, isDualStack } = await nodeLoginGet(targetOf(context));
  return untaggedReply(context, "remoteloginsettings", node.state_at, {
    remoteLoginIPAddress: login.address,
    remoteLoginPort: login.port,
    ...(isDualStack && { ipv6RemoteLoginIPAddress: "::1", ipv6RemoteLoginPort: login.port }),
  });
});
