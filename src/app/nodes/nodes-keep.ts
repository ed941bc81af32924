/** Lets the compute driver give up what it provides for nodes that are not there any more, however they went. */
import { nodesAllocated } from "../../store/work/nodes.ts";
import type { App } from "../app.ts";

/** Called by the nodes reconciler, which alone acquires: what is acquired has its row. */
export async function nodesKeep(app: App): Promise<void> {
  if (!app.compute.keepOnly) return;
  const nodes = await nodesAllocated.all(app.store.read, {});
  await app.compute.keepOnly(
    new Set(nodes.map(({ key }) => String(key))),
    new Set(nodes.flatMap(({ agent_id }) => agent_id ?? [])),
  );
}
