/** What a node in a sandbox of its own costs: until it stands, and for each task on it, held against one that is only a process. */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { type BenchContext, type BenchRow, type Figure, median } from "../bench-row.ts";
import { BareAgent, type NodeIsolation } from "../service/bare-agent.ts";
import { namespaceObstacle } from "../service/node-isolation.ts";

const AT_ONCE = 20;
const KINDS: readonly NodeIsolation[] = ["namespace", "process"];

export const nodes: BenchRow = {
  name: "nodes",
  about: "namespace nodes: until one stands, 20 at once, time added per task",
  async run(context) {
    const obstacle = await namespaceObstacle(context.program);
    if (obstacle !== undefined) return [{ name: "nodes", skipped: `no namespace nodes here: ${obstacle}` }];
    const folder = await mkdtemp(join(context.folder, "nodes-"));
    const agent = await BareAgent.start(context.program, folder);
    try {
      return await measure(agent, context);
    } finally {
      await agent.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function measure(agent: BareAgent, { quick, rounds, progress }: BenchContext): Promise<Figure[]> {
  const singles = quick ? 7 : 15;
  const tasks = quick ? 200 : 1_000;
  await nodesReady(agent, "namespace", 1); // the first one finds out what there is
  const one = { namespace: [] as number[], process: [] as number[] };
  const many = { namespace: [] as number[], process: [] as number[] };
  const task = { namespace: [] as number[], process: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    progress(`nodes ${round + 1}/${rounds}: made`);
    for (const kind of KINDS) {
      one[kind].push(await medianOf(singles, () => nodesReady(agent, kind, 1)));
      many[kind].push(await medianOf(3, () => nodesReady(agent, kind, AT_ONCE)));
    }
    progress(`nodes ${round + 1}/${rounds}: one task after the other`);
    const times = await taskTimes(agent, tasks);
    for (const kind of KINDS) task[kind].push(median(times[kind]));
  }
  const common = { name: "nodes", unit: "ms" } as const;
  const against = (values: readonly number[]) => ({ against: { name: "process node", values } });
  const added = task.namespace.map((time, round) => time - (task.process[round] ?? Number.NaN));
  return [
    {
      ...common,
      what: "namespace node ready",
      values: one.namespace,
      bar: { atMost: 25 },
      isBarOnValue: true,
      ...against(one.process),
    },
    {
      ...common,
      what: `  ${AT_ONCE} at once`,
      values: many.namespace,
      bar: { atMost: 200 },
      isBarOnValue: true,
      ...against(many.process),
    },
    { ...common, what: "one task, start to end", values: task.namespace, ...against(task.process) },
    { ...common, what: "  added by the namespace", values: added, bar: { atMost: 0.3 } },
  ];
}

/** Milliseconds from the orders until all of them could take a task. They are taken down again outside of it. */
async function nodesReady(agent: BareAgent, kind: NodeIsolation, count: number): Promise<number> {
  const keys = Array.from({ length: count }, (_, at) => `${kind}-${++made}-${at}`);
  const started = performance.now();
  await Promise.all(keys.map((key) => agent.startNode(key, kind)));
  const milliseconds = performance.now() - started;
  await Promise.all(keys.map((key) => agent.stopNode(key)));
  return milliseconds;
}

let made = 0;

/** Turn by turn on one node of each kind, so that both meet the machine in the same mood. */
async function taskTimes(agent: BareAgent, count: number): Promise<Record<NodeIsolation, number[]>> {
  const times: Record<NodeIsolation, number[]> = { namespace: [], process: [] };
  const keys = { namespace: `tasks-${++made}-n`, process: `tasks-${made}-p` };
  for (const kind of KINDS) await agent.startNode(keys[kind], kind);
  for (let at = 0; at < count; at++) {
    for (const kind of at % 2 === 0 ? KINDS : KINDS.toReversed()) {
      const started = performance.now();
      await agent.run(keys[kind], "/bin/true");
      times[kind].push(performance.now() - started);
    }
  }
  for (const kind of KINDS) await agent.stopNode(keys[kind]);
  return times;
}

async function medianOf(count: number, measured: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let at = 0; at < count; at++) values.push(await measured());
  return median(values);
}
