/** What an agent is told about a node that it is to host. */
import type { NodeRow } from "../../store/nodes.ts";
import type { PoolRow } from "../../store/pools.ts";
import type { NodeSpec } from "../../wire/agent/messages.ts";

export function nodeSpec(
  pool: PoolRow,
  node: Pick<NodeRow, "key" | "id" | "is_dedicated">,
  accountName: string,
): NodeSpec {
  return {
    nodeKey: String(node.key),
    nodeId: node.id,
    poolId: pool.id,
    accountName,
    isDedicated: node.is_dedicated === 1,
    isolation: "auto",
  };
}
