/** Runs of ordinary users that go through one keeper, one after the other: the next one finds nothing of the one before. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunReport, RunSpec } from "../../../src/wire/agent/messages.ts";
import { AgentBench, type FakeService, nodeSpec, runSpec, until, writeOnNode } from "../agent/agent-bench.ts";
import { namespaceObstacle } from "./namespace-nodes.ts";

let bench: AgentBench;
let service: FakeService;

beforeAll(async () => {
  if (namespaceObstacle !== undefined) return;
  bench = new AgentBench();
  service = await bench.startService();
  bench.startAgent();
  await service.said("hello");
  service.send(nodeSpec("n1", "namespace"));
  await service.said("node.ready");
});

afterAll(() => bench?.dispose());

/** Hands a shell script over as a task. @param end what else is asked for while it runs */
async function ran(
  script: string,
  change: Partial<RunSpec> = {},
  during: (spec: RunSpec) => Promise<void> = async () => {},
): Promise<{ readonly said: string; readonly report: RunReport }> {
  const spec = runSpec("", change);
  const file = join(bench.nodeRoot(), "shared", `${spec.run}.sh`);
  await writeOnNode(service, file, script);
  service.send({ t: "run.start", spec: { ...spec, commandLine: `/bin/sh -c "exec 2>&1; . ${file}"` } });
  await during(spec);
  const report = await service.ended(spec.run);
  return { said: readFileSync(outputOf(spec), "utf8"), report };
}

const outputOf = (spec: RunSpec) => join(bench.nodeRoot(), `workitems/job/job-1/${spec.run}`, "stdout.txt");
const said = (spec: RunSpec, word: string) =>
  until(word, () => {
    try {
      return readFileSync(outputOf(spec), "utf8").includes(word);
    } catch {
      return false;
    }
  });

const WHERE = "readlink /proc/self/ns/pid";
const BUSY = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done";

describe.skipIf(namespaceObstacle !== undefined)("a keeper that has had a run", () => {
  test("has nothing left of it for the next, which may do no more", async () => {
    const first = await ran(
      `${WHERE}; (setsid sh -c 'sleep 600 & exec sleep 600' &) ; ${BUSY}
       grep Seccomp_filters /proc/self/status; sort /proc/self/mountinfo | md5sum`,
    );
    const next = await ran(
      `${WHERE}; for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline; echo; done | grep '^sleep'
       unshare -Ur true && echo GOT users; mount -t tmpfs t /tmp && echo GOT mount
       grep Seccomp_filters /proc/self/status; sort /proc/self/mountinfo | md5sum; ls -l /proc/self/fd /proc/1/cwd`,
    );
    const [where, filters, mounts] = first.said.split("\n");
    expect(next.said.split("\n")[0]).toBe(where);
    expect(next.said).toContain(`${filters}\n${mounts}\n`);
    expect(next.said).not.toMatch(/^sleep|GOT/m);
    expect(first.report.usage?.userTime).toBeGreaterThan(50_000);
    expect(next.report.usage?.userTime).toBeLessThan((first.report.usage?.userTime ?? 0) / 2);
  });

  test("ends the next when that is killed, and what it used is its own", async () => {
    const busy = await ran(`${WHERE}; ${BUSY}`);
    const killed = await ran(`${WHERE}; trap '' TERM; echo runs; sleep 600`, {}, async (spec) => {
      await said(spec, "runs");
      service.send({ t: "run.stop", run: spec.run, graceMs: 0 });
    });
    expect(killed.said.split("\n")[0]).toBe(busy.said.split("\n")[0]);
    expect(killed.report.end.kind).toBe("stopped");
    expect(killed.report.usage?.userTime).toBeLessThan((busy.report.usage?.userTime ?? 0) / 2);
    expect((await ran("echo goes on")).said).toBe("goes on\n");
  });

  test("passes on SIGTERM once, to the run that is meant", async () => {
    await ran("echo first");
    const stopped = await ran(
      "trap 'echo bye' TERM; echo runs; sleep 1 & wait; wait; wait",
      {},
      async (spec) => {
        await said(spec, "runs");
        service.send({ t: "run.stop", run: spec.run, graceMs: 5_000 });
        // Once it is over, it is nobody's.
        await service.ended(spec.run);
        service.send({ t: "run.stop", run: spec.run, graceMs: 5_000 });
      },
    );
    expect(stopped.said).toBe("runs\nbye\n");
    expect((await ran("sleep 0.1; echo lives")).said).toBe("lives\n");
  });

  test("is not that of a run with power over the node, which has one alone", async () => {
    const ordinary = await ran(WHERE);
    expect((await ran(WHERE, { elevated: true })).said).not.toBe(ordinary.said);
    expect((await ran(WHERE)).said).toBe(ordinary.said);
  });

  test("begins when it says so, though a short run's beginning is told with its end", async () => {
    const { report } = await ran("sleep 0.3");
    expect(Date.parse(report.endTime) - Date.parse(report.startTime ?? "")).toBeGreaterThanOrEqual(295);
  });
});
