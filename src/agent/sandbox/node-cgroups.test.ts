/** Against a folder shaped like the kernel's; the kernel itself is tests/e2e/node-limits.test.ts's. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { NodeCgroups } from "./node-cgroups.ts";

const GIB = 2 ** 30;
const MACHINE = { memoryBytes: 20 * GIB, cpus: 8, threads: 100_000 };
const LIMITS = { memoryBytes: 4 * GIB, cpus: 2, processes: 4_096 };
/** By number: their parents. The agent is 50; a shell has started the service, which has started it and another program. */
const PARENTS = new Map([
  ["1", "0"],
  ["30", "1"],
  ["40", "30"],
  ["50", "40"],
  ["60", "40"],
]);

let folder: string;
let processes: string;
let scope: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "batchyard-cgroups-"));
  processes = join(folder, "proc");
  scope = join(folder, "cgroup/user.slice/run.scope");
  mkdirSync(scope, { recursive: true });
  for (const [pid, parent] of [...PARENTS, ["self", "40"], ["99", "1"]] as const) {
    mkdirSync(join(processes, pid), { recursive: true });
    const number = pid === "self" ? "50" : pid;
    writeFileSync(join(processes, pid, "stat"), `${number} (a ) name) S ${parent} 0 0`);
  }
  writeFileSync(join(processes, "self/mountinfo"), `27 23 0:25 / ${folder}/cgroup rw - cgroup2 cgroup2 rw\n`);
  writeFileSync(join(processes, "self/cgroup"), "0::/user.slice/run.scope\n");
  writeFileSync(join(scope, "cgroup.controllers"), "cpuset cpu io memory pids\n");
  writeFileSync(join(scope, "cgroup.procs"), "30\n40\n50\n60\n");
});
afterEach(() => rmSync(folder, { recursive: true }));

const content = (name: string) => readFileSync(join(scope, name), "utf8");

test("the agent's group is divided, and a node's gets its limits", async () => {
  const groups = NodeCgroups.open(MACHINE, processes);
  if (typeof groups === "string") throw new Error(groups);
  // One write for each process; a plain file keeps the last.
  expect(content("batchyard/cgroup.procs")).toBe("60");
  expect(content("cgroup.subtree_control")).toBe("+cpu +memory +pids");
  expect(content("nodes/cgroup.subtree_control")).toBe("+cpu +memory +pids");
  expect(content("nodes/memory.max")).toBe(String(18 * GIB));
  expect(groups.make("n1", LIMITS)).toBe(join(scope, "nodes/n1"));
  expect(content("nodes/n1/memory.max")).toBe(String(4 * GIB));
  expect(content("nodes/n1/cpu.max")).toBe("200000 100000");
  expect(content("nodes/n1/pids.max")).toBe("4096");
});

test("an agent that follows another finds the group divided", () => {
  expect(typeof NodeCgroups.open(MACHINE, processes)).toBe("object");
  writeFileSync(join(processes, "self/cgroup"), "0::/user.slice/run.scope/batchyard\n");
  writeFileSync(join(scope, "cgroup.procs"), "");
  expect(NodeCgroups.obstacle(processes)).toBeUndefined();
  expect(typeof NodeCgroups.open(MACHINE, processes)).toBe("object");
});

test("a group that others run in is left as it is", () => {
  writeFileSync(join(scope, "cgroup.procs"), "40\n50\n99\n");
  const why = "other programs are in its control group, with 1 of its processes";
  expect(NodeCgroups.obstacle(processes)).toBe(why);
  expect(NodeCgroups.open(MACHINE, processes)).toBe(why);
  expect(() => content("batchyard/cgroup.procs")).toThrow("ENOENT");
});

test("without version 2 there is nothing to divide", () => {
  writeFileSync(
    join(processes, "self/mountinfo"),
    "25 24 0:23 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n",
  );
  writeFileSync(join(processes, "self/cgroup"), "9:pids:/\n");
  expect(NodeCgroups.obstacle(processes)).toBe("there is no version 2 of control groups here");
});
