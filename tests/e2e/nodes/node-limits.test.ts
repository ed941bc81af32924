/** What a task on a namespace node can take from everybody else, on this machine and on one whose control groups are ours. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AgentBench, type FakeService, nodeSpec, runSpec } from "../agent/agent-bench.ts";
import { forks } from "../chaos/greedy-tasks.ts";
import { namespaceObstacle } from "./namespace-nodes.ts";

const MIB = 2 ** 20;

describe.skipIf(namespaceObstacle !== undefined)("processes, on this machine", () => {
  const limits = { memoryBytes: 64 * MIB, cpus: 1, processes: 400 };
  let bench: AgentBench;
  let service: FakeService;

  beforeEach(async () => {
    bench = new AgentBench();
    service = await bench.startService();
    bench.startAgent();
    await service.said("hello");
    for (const key of ["n1", "n2"]) {
      service.send(nodeSpec(key, "namespace", { limits }));
      await service.said("node.ready", ({ nodeKey }) => nodeKey === key);
    }
  });
  afterEach(() => bench.dispose());

  test.each([
    ["a task", "true", false],
    ["an elevated task", "true", true],
    ["an elevated task whose processes are each another user", "$< = $> = 2000 + $n", true],
  ])("%s makes so many and no more", async (_, each, elevated) => {
    if (each !== "true" && !hasLimitOfNamespace) {
      console.warn("skipped: before Linux 6.14 a node's administrator gets the number once for each user");
      return;
    }
    const spec = runSpec(forks(each), { elevated });
    service.send({ t: "run.start", spec });
    expect((await service.ended(spec.run)).end).toEqual({ kind: "exited", exitCode: 0 });
    const made = readFileSync(join(bench.nodeRoot(), `workitems/job/job-1/${spec.run}/stdout.txt`), "utf8");
    expect(Number(made)).toBeGreaterThan(50);
    expect(Number(made)).toBeLessThan(limits.processes);
  });

  test("a fork bomb leaves other nodes alone, ends when it is told to, and its node works on", async () => {
    const bomb = runSpec(`/bin/sh -c 'bomb() { bomb | bomb & }; bomb; while :; do sleep 1; done 2>&1'`);
    service.send({ t: "run.start", spec: bomb });
    await service.said("run.started");
    const beside = runSpec("/bin/true", { nodeKey: "n2" });
    service.send({ t: "run.start", spec: beside });
    expect((await service.ended(beside.run)).end).toEqual({ kind: "exited", exitCode: 0 });
    service.send({ t: "run.stop", run: bomb.run, graceMs: 0 });
    await service.ended(bomb.run);
    const after = runSpec("/bin/true");
    service.send({ t: "run.start", spec: after });
    expect((await service.ended(after.run)).end).toEqual({ kind: "exited", exitCode: 0 });
  });
});

/** Each process namespace has a `kernel.pid_max` of its own since then. */
const hasLimitOfNamespace = (() => {
  const [major = 0, minor = 0] = readFileSync("/proc/sys/kernel/osrelease", "utf8").split(".").map(Number);
  return major > 6 || (major === 6 && minor >= 14);
})();

/** A Linux that is a program, with this machine's files: its control groups are of version 2, and all its own. */
const GUEST = "/usr/bin/linux.uml";
const guestObstacle = existsSync(GUEST) ? obstacleOfGuest() : "no user-mode-linux";
if (guestObstacle !== undefined) console.warn(`skipped: ${guestObstacle}`);

/** Debian's cannot keep the registers of processors that have more of them (AMX), and ends before its first program. */
function obstacleOfGuest(): string | undefined {
  const words = ["rootfstype=hostfs", "rootflags=/", "mem=64M", "quiet", "init=/bin/true", "con=null"];
  const options = { encoding: "utf8", timeout: 20_000, killSignal: "SIGKILL" } as const;
  const { stdout } = spawnSync(GUEST, [...words, "con0=fd:0,fd:1"], options);
  return /ptrace set fp regs failed/.test(stdout)
    ? "user-mode-linux does not run on this processor"
    : undefined;
}

describe.skipIf(guestObstacle !== undefined)(
  "memory, processors and processes, in a delegated control group of version 2",
  () => {
    const PROGRAM = fileURLToPath(new URL("./node-limits.program.ts", import.meta.url));
    const folder = mkdtempSync(join(tmpdir(), "batchyard-guest-"));
    afterEach(() => rmSync(folder, { recursive: true }));

    test("hold each node to its own, and are gone with it", { timeout: 400_000 }, async () => {
      const groups = "/sys/fs/cgroup";
      const init = join(folder, "init.sh");
      const lines = [
        "#!/bin/sh",
        "mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t tmpfs tmp /run",
        `mount -t cgroup2 cgroup ${groups}`,
        `export PATH=${process.env.PATH} TMPDIR=/run HOME=/root AGENT_WAIT_MS=90000`,
        "ip link set lo up",
        `echo "+cpu +memory +pids" >${groups}/cgroup.subtree_control`,
        `mkdir ${groups}/batch.scope && echo $$ >${groups}/batch.scope/cgroup.procs`,
        `"${process.execPath}" "${PROGRAM}" ${groups}/batch.scope`,
        "/sbin/halt -f || echo o >/proc/sysrq-trigger",
      ];
      writeFileSync(init, lines.join("\n"), { mode: 0o755 });
      const words = ["rootfstype=hostfs", "rootflags=/", "rw", "mem=1G", "quiet", `init=${init}`, "con=null"];
      const guest = spawn(GUEST, [...words, "con0=fd:0,fd:1"], {
        stdio: ["ignore", "pipe", "inherit"],
        detached: true,
        timeout: 380_000,
        killSignal: "SIGKILL",
      });
      const said = await text(guest.stdout);
      const json = /^\{.*\}\s*$/m.exec(said)?.[0];
      expect(json, said).toBeDefined();
      expect(JSON.parse(json ?? "")).toEqual({
        groups: ["n1", "n2"],
        files: [String(48 * MIB), "50000 100000", "64"],
        "96 MiB of 48": { kind: "exited", exitCode: -9 },
        "96 MiB of 256": { kind: "exited", exitCode: 0 },
        "after it": { end: { kind: "exited", exitCode: 0 }, printed: "still here" },
        processes: expect.toSatisfy((made: number) => made > 40 && made < 64),
        "half a second of processor": { kind: "exited", exitCode: 0 },
        isThrottled: true,
        groupsAfterwards: ["n2"],
      });
    });
  },
);
