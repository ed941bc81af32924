/** The operations on compute nodes, and the counts of nodes per pool. */
import { type NodeFound, nodeGet, nodeListPage } from "../../app/nodes/node-read.ts";
import { type PoolWithNodes, poolListPage } from "../../app/pools/pool-read.ts";
import { nodeState, nodeView } from "./node-view.ts";
import type { BatchContext } from "./request/context.ts";
import { isSelected, listReply, selectOf } from "./request/list.ts";
import { operation } from "./request/operation.ts";
import { untaggedReply } from "./request/reply.ts";

const poolOf = ({ path }: BatchContext): string => path.poolId ?? "";

export const getNode = operation("ComputeNode_Get", async (context) => {
  const found = await nodeGet(context.app, context.account, poolOf(context), context.path.nodeId ?? "");
  const view = nodeView(context.exchange.origin, found);
  return untaggedReply(context, "nodes/@Element", found.node.state_at, selectOf(context)(view));
});

export const listNodes = operation("ComputeNode_List", (context) =>
  listReply<NodeFound>(context, {
    collection: "nodes",
    keyOf: ({ node }) => node.key,
    fetch: (after, limit) => {
      const isWithTasks = isSelected(context, "recentTasks");
      return nodeListPage(context.app, context.account, poolOf(context), { after, limit, isWithTasks });
    },
    view: (found) => nodeView(context.exchange.origin, found),
  }),
);

/** Source: API description, "NodeCounts": states in its own spelling, and their total. */
const COUNTED_STATES = {
  creating: "creating",
  idle: "idle",
  offline: "offline",
  preempted: "preempted",
  rebooting: "rebooting",
  reimaging: "reimaging",
  running: "running",
  starting: "starting",
  starttaskfailed: "startTaskFailed",
  leavingpool: "leavingPool",
  unknown: "unknown",
  unusable: "unusable",
  waitingforstarttask: "waitingForStartTask",
  upgradingos: "upgradingOS",
  deallocated: "deallocated",
  deallocating: "deallocating",
} as const;

export const listPoolNodeCounts = operation("Account_ListPoolNodeCounts", (context) =>
  listReply<PoolWithNodes, string>(context, {
    collection: "poolnodecounts",
    first: "",
    keyedBy: () => "poolId",
    keyOf: ({ pool }) => pool.id_lower,
    fetch: (after, limit) => poolListPage(context.app, context.account, { after, limit }),
    view: ({ pool, nodes }) => ({
      poolId: pool.id,
      dedicated: countByState(nodes.filter(({ is_dedicated }) => is_dedicated === 1)),
      lowPriority: countByState(nodes.filter(({ is_dedicated }) => is_dedicated === 0)),
    }),
  }),
);

function countByState(nodes: PoolWithNodes["nodes"]): object {
  const counts: Record<string, number> = Object.fromEntries(
    Object.values(COUNTED_STATES).map((name) => [name, 0]),
  );
  for (const node of nodes) {
    const name = COUNTED_STATES[nodeState(node) as keyof typeof COUNTED_STATES];
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return { ...counts, total: nodes.length };
}
