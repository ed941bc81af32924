/**
 * Runs in a control group that was delegated to it: what of a node's limits holds its tasks. Prints one JSON object.
 *
 *   node node-limits.program.ts
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AgentBench, nodeSpec, runSpec, until } from "../agent/agent-bench.ts";
import { forks, hoard } from "../chaos/greedy-tasks.ts";

const MIB = 2 ** 20;
const [, , group = ""] = process.argv;

const bench = new AgentBench();
const service = await bench.startService();
bench.startAgent();
await service.said("hello");
const limits = { memoryBytes: 48 * MIB, cpus: 0.5, processes: 64 };
service.send(nodeSpec("n1", "namespace", { limits }));
service.send(nodeSpec("n2", "namespace", { limits: { ...limits, memoryBytes: 256 * MIB } }));
for (const key of ["n1", "n2"]) await service.said("node.ready", ({ nodeKey }) => nodeKey === key);

const nodes = join(group, "nodes");
const told = (name: string) => readFileSync(join(nodes, "n1", name), "utf8").trim();

async function run(nodeKey: string, commandLine: string): Promise<{ end: unknown; printed: string }> {
  const spec = runSpec(commandLine, { nodeKey });
  service.send({ t: "run.start", spec });
  const { end } = await service.ended(spec.run);
  const stdout = join(bench.nodeRoot(nodeKey), `workitems/job/job-1/${spec.run}/stdout.txt`);
  return { end, printed: readFileSync(stdout, "utf8").trim() };
}

try {
  const found = {
    groups: readdirSync(nodes, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort(),
    files: ["memory.max", "cpu.max", "pids.max"].map(told),
    "96 MiB of 48": (await run("n1", hoard(96))).end,
    "96 MiB of 256": (await run("n2", hoard(96))).end,
    "after it": await run("n1", "echo still here"),
    processes: Number((await run("n1", forks("true"))).printed),
    "half a second of processor": (await run("n1", `perl -e "1 while (times)[0] < 0.5"`)).end,
    isThrottled: Number(/^nr_throttled (\d+)$/m.exec(told("cpu.stat"))?.[1]) > 0,
    groupsAfterwards: undefined as readonly string[] | undefined,
  };
  service.send({ t: "node.stop", nodeKey: "n1" });
  await service.said("node.stopped");
  found.groupsAfterwards = await until("the end of the node's group", () => {
    const names = readdirSync(nodes).filter((name) => /^n\d$/.test(name));
    return names.length === 1 && names;
  });
  process.stdout.write(`\n${JSON.stringify(found)}\n`);
} finally {
  await bench.dispose();
}
