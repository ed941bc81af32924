/**
 * Brings an agent that has just connected and the store to one view. The same path serves the first start, a service that was
 * killed, an agent that was killed, and both: an incarnation other than the node's own means that the node died with its
 * tasks; otherwise the agent is told again whatever it does not know.
 */
import type { Connection } from "../../store/engine/connection.ts";
import { type NodeRow, nodeAgentSet, nodeIncarnationSet, nodesOfAgent } from "../../store/work/nodes.ts";
import { poolByKey } from "../../store/work/pools.ts";
import type { FromAgent, RunId, ToAgent } from "../../wire/agent/messages.ts";
import type { App } from "../app.ts";
import { isGoingDown } from "../nodes/node-restart.ts";
import { nodeSpec } from "../nodes/node-spec.ts";
import { nodeUsersNews } from "../nodes/node-user-list.ts";
import { STOP_GRACE_MS } from "../tasks/task-stop.ts";
import { agentReports } from "./agent-reports.ts";
import { missingRuns } from "./missing-runs.ts";
import { nodeTasksLost } from "./node-events.ts";

type Hello = Extract<FromAgent, { t: "hello" }>;

export async function agentConnected(app: App, hello: Hello): Promise<void> {
  const { agentId } = hello;
  await agentReports(app, agentId, hello.reports);
  const messages = await app.store.write(async (c) => {
    const messages: ToAgent[] = [];
    const told = new Set(hello.nodes.map(({ nodeKey }) => nodeKey));
    const known = new Set<RunId>([...hello.runs, ...hello.reports.map(({ run }) => run)]);
    const wanted = new Set<RunId>();
    for (const node of await nodesOfAgent.all(c, { agent_id: agentId })) {
      const isHosted = told.delete(String(node.key));
      if (node.incarnation !== null && node.incarnation !== hello.incarnation) {
        await nodeTasksLost(app, c, agentId, node);
        // Also where it is not started again just now: the next hello must not find it dead once more.
        await nodeIncarnationSet.run(c, { key: node.key, incarnation: hello.incarnation });
      }
      if (node.state === "deallocated") {
        if (isHosted) told.add(String(node.key));
        continue;
      }
      if (isHosted && node.incarnation === hello.incarnation && node.state !== "starting") {
        messages.push(...(await missingRuns(app, c, node, known, wanted)));
        messages.push(...(await nodeUsersNews(c, node.key, app.clock())));
      } else if (node.leaving === null && !isGoingDown(node)) {
        // One on its way down is told so by the nodes reconciler.
        messages.push(...(await startAgain(app, c, node, hello.incarnation)));
      }
      app.nudge.placement(node.pool_key);
    }
    for (const nodeKey of told) messages.push({ t: "node.stop", nodeKey });
    for (const run of hello.runs) {
      if (!wanted.has(run)) messages.push({ t: "run.stop", run, graceMs: STOP_GRACE_MS });
    }
    return messages;
  });
  for (const message of messages) app.agents.send(agentId, message);
  app.nudge.nodes();
}

async function startAgain(app: App, c: Connection, node: NodeRow, incarnation: string): Promise<ToAgent[]> {
  const pool = await poolByKey.first(c, { key: node.pool_key });
  if (!pool) return [];
  await nodeAgentSet.run(c, {
    key: node.key,
    agent_id: node.agent_id,
    incarnation,
    state: "starting",
    now: app.clock(),
  });
  return [{ t: "node.start", node: await nodeSpec(app, c, pool, node) }];
}
