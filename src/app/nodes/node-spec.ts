/** What an agent is told about a node that it is to host. */
import type { NodeRow } from "../../store/nodes.ts";
import type { PoolRow } from "../../store/pools.ts";
import type { NodeSpec } from "../../wire/agent/messages.ts";
import type { App } from "../app.ts";

export function nodeSpec(
  app: App,
  pool: PoolRow,
  node: Pick<NodeRow, "key" | "id" | "is_dedicated">,
): NodeSpec {
  return {
    nodeKey: String(node.key),
    nodeId: node.id,
    poolId: pool.id,
    accountName: app.account(pool.account_key).name,
    isDedicated: node.is_dedicated === 1,
    isolation: app.isolation,
  };
}
