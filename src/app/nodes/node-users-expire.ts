/** Tells nodes whose users' time is over by the service's clock. Idempotent; called by the nodes reconciler. */

import { nodeUserExpired, nodeUsersDue } from "../../store/work/node-users.ts";
import { nodeByKey } from "../../store/work/nodes.ts";
import type { ToAgent } from "../../wire/agent/messages.ts";
import type { App } from "../app.ts";
import { nodeUsersNews } from "./node-user-list.ts";

export async function nodeUsersExpire(app: App): Promise<void> {
  if ((await nodeUsersDue.all(app.store.read, { now: app.clock() })).length === 0) return;
  const outbox = await app.store.write(async (c) => {
    const now = app.clock();
    const due = await nodeUsersDue.all(c, { now });
    for (const { key } of due) await nodeUserExpired.run(c, { key });
    const messages: { agentId: string; message: ToAgent }[] = [];
    for (const key of new Set(due.map(({ node_key }) => node_key))) {
      const node = await nodeByKey.first(c, { key });
      // One that comes up later, or connects again, is told then.
      if (node?.agent_id == null) continue;
      const agentId = node.agent_id;
      for (const message of await nodeUsersNews(c, key, now)) messages.push({ agentId, message });
    }
    return messages;
  });
  for (const { agentId, message } of outbox) app.agents.send(agentId, message);
}
