/** The agent as a service sees it: the link's messages on one side, real processes and folders on the other. */
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RunSpec } from "../../../src/wire/agent/messages.ts";
import {
  AgentBench,
  type FakeService,
  nodeInitsOf,
  nodeSpec,
  processesNaming,
  runSpec,
  until,
  writeOnNode,
} from "./agent-bench.ts";

let bench: AgentBench;
let service: FakeService;

beforeEach(async () => {
  bench = new AgentBench();
  service = await bench.startService();
});

afterEach(() => bench.dispose());

async function startNode(isolation: "namespace" | "process" = "process"): Promise<void> {
  await service.said("hello");
  service.send(nodeSpec("n1", isolation));
  await service.said("node.ready");
}

function start(spec: RunSpec): RunSpec {
  service.send({ t: "run.start", spec });
  return spec;
}

function outputOf({ place }: RunSpec, name = "stdout.txt"): string {
  const folder = place.kind === "task" ? `workitems/${place.jobId}/job-1/${place.taskId}` : "startup";
  return readFileSync(join(bench.nodeRoot(), folder, name), "utf8");
}

describe.each([
  ["in a sandbox of its own", "namespace", {}],
  ["with the C init", "process", {}],
  ["with the C init without namespaces", "process", { BATCHYARD_NODE_INIT: "session" }],
  ["with the shell init", "process", { BATCHYARD_NODE_INIT: "shell" }],
] as const)("%s", (_name, isolation, environment) => {
  /** A file that every kind of node shows. */
  function patience(): string {
    return join(bench.nodeRoot(), "shared", "patience");
  }

  /** A task of nine processes, some in other sessions and without a parent, each of which names the bench's folder. */
  async function family(): Promise<RunSpec> {
    const forever = `tail -f /dev/null ${patience()}`;
    const script = [
      `setsid sh -c "${forever} & ${forever}" &`,
      `(setsid sh -c "(setsid ${forever} &) ; ${forever}" &)`,
      `(trap "" TERM HUP; ${forever} &)`,
      `echo up; ${forever}`,
    ].join("\n");
    const file = join(bench.nodeRoot(), "shared", "family.sh");
    await writeOnNode(service, patience(), "");
    await writeOnNode(service, file, script);
    return runSpec(`/bin/sh ${file}`);
  }

  function familyMembers(): number {
    return processesNaming(`/dev/null\0${patience()}`).length;
  }

  test("a task runs in its folder with its environment, and its exit code is reported", async () => {
    bench.startAgent(environment);
    await startNode(isolation);
    const spec = start(
      runSpec(`/bin/sh -c 'pwd; env; echo "$ODD"; echo oops >&2; cat; exit 7'`, {
        environment: [["ODD", `a\n'b' "c" $HOME`]],
        attempt: 3,
      }),
    );
    const report = await service.ended(spec.run);
    expect(report).toMatchObject({ nodeKey: "n1", end: { kind: "exited", exitCode: 7 } });
    expect(Date.parse(report.startTime ?? "")).toBeLessThanOrEqual(Date.parse(report.endTime));
    // Of a run as short as this the report may tell alone.
    expect(service.all("run.started").length).toBeLessThanOrEqual(1);

    const wd = `${bench.nodeRoot()}/workitems/job/job-1/${spec.run}/wd`;
    const lines = outputOf(spec).split("\n");
    expect(lines[0]).toBe(wd);
    expect(lines).toContain(`AZ_BATCH_TASK_WORKING_DIR=${wd}`);
    expect(lines).toContain("BATCHYARD_TASK_ATTEMPT=3");
    expect(outputOf(spec)).toContain(`\na\n'b' "c" $HOME\n`);
    expect(outputOf(spec)).not.toContain("SECRET_OF_THE_SERVICE");
    expect(outputOf(spec, "stderr.txt")).toBe("oops\n");
    expect(readdirSync(bench.nodeRoot()).sort()).toEqual([
      "applications",
      "fsmounts",
      "shared",
      "startup",
      "volatile",
      "workitems",
    ]);
  });

  test("a start task works in startup", async () => {
    bench.startAgent(environment);
    await startNode(isolation);
    const spec = start(runSpec("pwd", { place: { kind: "startTask" } }));
    expect((await service.ended(spec.run)).end).toEqual({ kind: "exited", exitCode: 0 });
    expect(outputOf(spec)).toBe(`${bench.nodeRoot()}/startup/wd\n`);
  });

  // A shell cannot tell a signal's end from an exit with the same number.
  test("a signal's number is in the exit code, below zero where it is known for one", async () => {
    const isKnown = !("BATCHYARD_NODE_INIT" in environment && environment.BATCHYARD_NODE_INIT === "shell");
    bench.startAgent(environment);
    await startNode(isolation);
    const killed = start(runSpec("/bin/sh -c 'kill -9 $$'"));
    const aborted = start(runSpec("/bin/sh -c 'kill -ABRT $$'"));
    expect((await service.ended(killed.run)).end).toEqual({
      kind: "exited",
      exitCode: isKnown ? -9 : 137,
    });
    expect((await service.ended(aborted.run)).end).toEqual({
      kind: "exited",
      exitCode: isKnown ? -6 : 134,
    });
    const inner = start(runSpec(`/bin/sh -c "sh -c 'kill -9 $$'; exit $?"`));
    expect((await service.ended(inner.run)).end).toEqual({ kind: "exited", exitCode: 137 });
  });

  test("what cannot be launched says why", async () => {
    bench.startAgent(environment);
    await startNode(isolation);
    const missing = start(runSpec("no-such-program-here"));
    const forbidden = start(runSpec("/etc/passwd"));
    const unclosed = start(runSpec("echo 'a"));
    const hostile = start(runSpec("true", { place: { kind: "task", jobId: "..", taskId: "t" } }));
    const codeOf = async ({ run }: RunSpec) => {
      const { end, startTime } = await service.ended(run);
      expect(startTime).toBeUndefined();
      return end.kind === "failedToStart" ? end.code : end.kind;
    };
    expect(await codeOf(missing)).toBe("CommandProgramNotFound");
    expect(await codeOf(forbidden)).toBe("CommandLaunchFailed");
    expect(await codeOf(unclosed)).toBe("CommandLaunchFailed");
    expect(await codeOf(hostile)).toBe("ResourceDirectoryCreateFailed");
    expect(service.all("run.started")).toEqual([]);
  });

  test("a stopped run's whole tree is dead when its end is reported", async () => {
    bench.startAgent(environment);
    await startNode(isolation);
    const spec = start(await family());
    await until("the family", () => familyMembers() >= 5);
    service.send({ t: "run.stop", run: spec.run, graceMs: 100 });
    expect((await service.ended(spec.run)).end).toEqual({ kind: "stopped" });
    expect(familyMembers()).toBe(0);
  });

  test("a task hears SIGTERM before it is killed", async () => {
    bench.startAgent(environment);
    await startNode(isolation);
    const spec = start(
      runSpec(`/bin/sh -c 'trap "echo bye; exit 0" TERM; echo up; while :; do sleep 0.05; done'`),
    );
    await until(
      "the trap",
      () =>
        existsSync(`${bench.nodeRoot()}/workitems/job/job-1/${spec.run}/stdout.txt`) &&
        outputOf(spec) === "up\n",
    );
    service.send({ t: "run.stop", run: spec.run, graceMs: 60_000 });
    expect((await service.ended(spec.run)).end).toEqual({ kind: "stopped" });
    expect(outputOf(spec)).toBe("up\nbye\n");
  });

  test("each process of a task hears SIGTERM once", async () => {
    bench.startAgent(environment);
    await startNode(isolation);
    // Each in the background, so that most of them have no parent but the node's init; they listen until they are killed.
    const listener = `trap "echo bye" TERM; echo up; while :; do sleep 0.01; done`;
    const file = join(bench.nodeRoot(), "shared", "listeners.sh");
    await writeOnNode(service, file, `for n in 1 2 3 4 5; do (${listener}) & done; ${listener}`);
    const spec = start(runSpec(`/bin/sh ${file}`));
    const stdout = `${bench.nodeRoot()}/workitems/job/job-1/${spec.run}/stdout.txt`;
    const said = (word: string) =>
      outputOf(spec)
        .split("\n")
        .filter((line) => line === word).length;
    await until("the listeners", () => existsSync(stdout) && said("up") === 6);
    service.send({ t: "run.stop", run: spec.run, graceMs: 500 });
    expect((await service.ended(spec.run)).end).toEqual({ kind: "stopped" });
    expect(said("bye")).toBe(6);
  });

  test("what a task leaves running dies with it", async () => {
    bench.startAgent(environment);
    await startNode(isolation);
    await writeOnNode(service, patience(), "");
    const spec = start(runSpec(`/bin/sh -c '(setsid tail -f /dev/null ${patience()} &); exit 3'`));
    expect((await service.ended(spec.run)).end).toEqual({ kind: "exited", exitCode: 3 });
    expect(familyMembers()).toBe(0);
  });

  test("a run that reaches its wall-clock limit is killed with its tree", async () => {
    bench.startAgent(environment);
    await startNode(isolation);
    const spec = start({ ...(await family()), wallClockMs: 300 });
    expect((await service.ended(spec.run)).end).toEqual({ kind: "timedOut" });
    expect(familyMembers()).toBe(0);
  });

  test("an agent that is killed leaves nobody alive", async () => {
    const agent = bench.startAgent(environment);
    await startNode(isolation);
    start(await family());
    start(await family());
    await until("the families", () => familyMembers() >= 10);
    agent.kill("SIGKILL");
    await until("their end", () => familyMembers() === 0);
  });

  test("a stopped node has no process and no folder", async () => {
    bench.startAgent(environment);
    await startNode(isolation);
    const spec = start(await family());
    await until("the family", () => familyMembers() >= 5);
    service.send({ t: "node.stop", nodeKey: "n1" });
    await service.said("node.stopped");
    expect((await service.ended(spec.run)).end).toEqual({ kind: "stopped" });
    expect(familyMembers()).toBe(0);
    expect(existsSync(bench.nodeRoot())).toBe(false);
  });
});

describe("without namespaces", () => {
  test("what an agent and its init left behind is dead before the next agent says hello", async () => {
    const agent = bench.startAgent({ BATCHYARD_NODE_INIT: "session" });
    await startNode();
    expect(service.all("node.ready")).toMatchObject([{ containment: "session" }]);
    start(runSpec(`tail -f /dev/null ${bench.folder}/ca.pem`));
    await service.said("run.started");
    await until("the task", () => processesNaming(`/dev/null\0${bench.folder}/ca.pem`).length === 1);
    agent.kill("SIGSTOP");
    for (const pid of nodeInitsOf(agent)) process.kill(pid, "SIGKILL");
    agent.kill("SIGKILL");
    await once(agent, "exit");
    expect(processesNaming(`/dev/null\0${bench.folder}/ca.pem`)).toHaveLength(1);

    service.messages = [];
    bench.startAgent();
    await service.said("hello");
    expect(processesNaming(`/dev/null\0${bench.folder}/ca.pem`)).toEqual([]);
  });
});

describe("the link", () => {
  test("tells a new service what goes on, starts nothing again and repeats reports until they are acknowledged", async () => {
    bench.startAgent();
    await startNode();
    const { incarnation } = await service.said("hello");
    const long = start(runSpec(`/bin/sh -c 'echo started >>../starts; exec tail -f /dev/null'`));
    const short = start(runSpec(`/bin/sh -c 'echo started >>../starts'`));
    await service.ended(short.run);
    await service.said("run.started", ({ run }) => run === long.run);
    await service.vanish();

    service = await bench.startService();
    const hello = await service.said("hello");
    expect(hello).toMatchObject({
      incarnation,
      nodes: [{ nodeKey: "n1", isolation: "process" }],
      runs: [long.run],
    });
    expect(hello.reports.map(({ run, end }) => [run, end])).toEqual([
      [short.run, { kind: "exited", exitCode: 0 }],
    ]);
    await service.said("run.started", ({ run }) => run === long.run);

    service.send({ t: "run.start", spec: long }, { t: "run.start", spec: short });
    await service.ended(short.run);
    service.send({ t: "run.ack", runs: [short.run] }, { t: "run.start", spec: short });
    const marker = start(runSpec("true"));
    await service.ended(marker.run);
    expect(service.all("run.ended").filter(({ report }) => report.run === short.run)).toHaveLength(1);
    expect(outputOf(long, "starts")).toBe("started\n");
    expect(outputOf(short, "starts")).toBe("started\n");
  });

  test("a run that is stopped before it came never starts", async () => {
    bench.startAgent();
    await startNode();
    const spec = runSpec("true");
    service.send({ t: "run.stop", run: spec.run, graceMs: 0 }, { t: "run.start", spec });
    expect(await service.ended(spec.run)).toMatchObject({ end: { kind: "stopped" } });
    expect(existsSync(join(bench.nodeRoot(), "workitems/job"))).toBe(false);
  });

  test("a run may be sent together with its node", async () => {
    bench.startAgent();
    await service.said("hello");
    const spec = runSpec("true");
    service.send(nodeSpec(), { t: "run.start", spec }, nodeSpec());
    expect((await service.ended(spec.run)).end).toEqual({ kind: "exited", exitCode: 0 });
  });

  test("an unknown node is stopped at once, and a node that insists on namespaces is refused where there are none", async () => {
    bench.startAgent({ BATCHYARD_NODE_INIT: "session" });
    await service.said("hello");
    service.send({ t: "node.stop", nodeKey: "never-was" });
    expect(await service.said("node.stopped")).toEqual({ t: "node.stopped", nodeKey: "never-was" });
    service.send(nodeSpec("n2", "namespace"));
    expect(await service.said("node.failed")).toMatchObject({ nodeKey: "n2", code: "IsolationUnavailable" });
  });

  test("a node whose init is killed fails, and its runs end as stopped", async () => {
    const agent = bench.startAgent();
    await startNode();
    const spec = start(runSpec("tail -f /dev/null"));
    await service.said("run.started");
    const [init] = nodeInitsOf(agent);
    if (init === undefined) throw new Error("no init");
    process.kill(init, "SIGKILL");
    expect(await service.said("node.failed")).toMatchObject({ nodeKey: "n1", code: "NodeInitEnded" });
    expect((await service.ended(spec.run)).end).toEqual({ kind: "stopped" });
  });

  test("the service must have the certificate and the agent the token", async () => {
    bench.configure({ url: service.url, token: "another" });
    bench.startAgent();
    await until("the refusal", () => service.refused > 0);
    expect(service.messages).toEqual([]);
    bench.configure({ url: service.url });
    await service.said("hello");
  });

  test("an agent without a service ends its nodes and itself", async () => {
    const agent = bench.startAgent({}, "--orphan-seconds", "0.5");
    await startNode();
    const spec = start(runSpec(`tail -f /dev/null ${bench.folder}/ca.pem`));
    await service.said("run.started", ({ run }) => run === spec.run);
    await service.vanish();
    await until("the agent's end", () => agent.exitCode === 0);
    expect(processesNaming(`/dev/null\0${bench.folder}/ca.pem`)).toEqual([]);
  });

  test.each(["SIGTERM", "shutdown"])("%s ends the nodes and the agent", async (how) => {
    const agent = bench.startAgent();
    await startNode();
    start(runSpec(`tail -f /dev/null ${bench.folder}/ca.pem`));
    await service.said("run.started");
    if (how === "SIGTERM") agent.kill("SIGTERM");
    else service.send({ t: "shutdown" });
    await until("the agent's end", () => agent.exitCode === 0);
    expect(processesNaming(`/dev/null\0${bench.folder}/ca.pem`)).toEqual([]);
  });

  test("a second agent for the same configuration gives way", async () => {
    bench.startAgent();
    await service.said("hello");
    const second = bench.startAgent();
    await until("its end", () => second.exitCode === 75);
    expect(service.all("hello")).toHaveLength(1);
  });
});
