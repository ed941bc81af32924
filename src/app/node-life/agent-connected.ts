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
import { WriteSlice } from "../write-slice.ts";
import { agentReports } from "./agent-reports.ts";
import { missingRuns } from "./missing-runs.ts";
import { nodeTasksLost } from "./node-events.ts";

/** Read by one transaction. Ours. */
const NODES_PER_WRITE = 200;

type Hello = Extract<FromAgent, { t: "hello" }>;

export async function agentConnected(app: App, hello: Hello): Promise<void> {
  const { agentId } = hello;
  await agentReports(app, agentId, [...hello.reports]);
  const view: View = {
    hello,
    told: new Set(hello.nodes.map(({ nodeKey }) => nodeKey)),
    known: new Set([...hello.runs, ...hello.reports.map(({ run }) => run)]),
    wanted: new Set(),
  };
  for (let after: number | undefined = 0; after !== undefined; ) {
    const step: Step = await app.store.write((c) => nodesStep(app, c, view, after ?? 0));
    // Runs start before those of later nodes are looked for: nobody waits for the whole.
    for (const message of step.messages) app.agents.send(agentId, message);
    if (step.isOver) return;
    after = step.last;
  }
  for (const nodeKey of view.told) app.agents.send(agentId, { t: "node.stop", nodeKey });
  for (const run of hello.runs) {
    if (!view.wanted.has(run)) app.agents.send(agentId, { t: "run.stop", run, graceMs: STOP_GRACE_MS });
  }
  app.nudge.nodes();
}

/** What the agent has said, and what of it is not accounted for yet. */
interface View {
  readonly hello: Hello;
  /** Nodes that it hosts, and that have not been found. */
  readonly told: Set<string>;
  /** Runs that it has heard of. */
  readonly known: ReadonlySet<RunId>;
  /** Runs that belong on nodes that have been looked at. */
  readonly wanted: Set<RunId>;
}

interface Step {
  readonly messages: readonly ToAgent[];
  /** The last node that the step has come to, where there may be more. */
  readonly last?: number;
  /** Another process is this agent by now, and has all its nodes. */
  readonly isOver?: boolean;
}

/** One transaction's share of the agent's nodes: an agent that has died had them all. */
async function nodesStep(app: App, c: Connection, view: View, after: number): Promise<Step> {
  const { agentId, incarnation } = view.hello;
  if ((app.agents.incarnationOf(agentId) ?? incarnation) !== incarnation)
    return { messages: [], isOver: true };
  const slice = new WriteSlice();
  const messages: ToAgent[] = [];
  let last = after;
  const nodes = await nodesOfAgent.all(c, { agent_id: agentId, after, limit: NODES_PER_WRITE });
  for (const node of nodes) {
    if (slice.isOver && last !== after) return { messages, last };
    last = node.key;
    messages.push(...(await nodeStep(app, c, view, node)));
  }
  return nodes.length === NODES_PER_WRITE ? { messages, last } : { messages };
}

async function nodeStep(app: App, c: Connection, view: View, node: NodeRow): Promise<ToAgent[]> {
  const { hello, told, known, wanted } = view;
  const isHosted = told.delete(String(node.key));
  if (node.incarnation !== null && node.incarnation !== hello.incarnation) {
    await nodeTasksLost(app, c, hello.agentId, node);
    // Also where it is not started again just now: the next hello must not find it dead once more.
    await nodeIncarnationSet.run(c, { key: node.key, incarnation: hello.incarnation });
  }
  if (node.state === "deallocated") {
    if (isHosted) told.add(String(node.key));
    return [];
  }
  app.nudge.placement(node.pool_key);
  if (isHosted && node.incarnation === hello.incarnation && node.state !== "starting") {
    const runs = await missingRuns(app, c, node, known, wanted);
    return [...runs, ...(await nodeUsersNews(c, node.key, app.clock()))];
  }
  // One on its way down is told so by the nodes reconciler.
  if (node.leaving !== null || isGoingDown(node)) return [];
  return startAgain(app, c, node, hello.incarnation);
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
