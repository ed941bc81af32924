/** Nodes that are jobs of a real Slurm cluster: they come, work, die and go with their jobs. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFailed, test } from "vitest";
import type { AgentConfiguration } from "../../../src/wire/agent/configuration.ts";
import { AgentLink } from "../agent/agent-link.ts";
import { BatchClient, type TaskResource } from "../batch-client.ts";
import { batchyard } from "../batchyard-process.ts";
import { KillableService, until } from "../killable-service.ts";
import { type QueuedJob, SlurmCluster, slurmObstacle } from "./slurm-cluster.ts";

interface Node {
  readonly id: string;
  readonly state: string;
  readonly runningTasksCount: number;
}

const POOL = "pool";

describe.skipIf(slurmObstacle !== undefined)(
  "on a cluster of two machines, with room for two nodes each",
  () => {
    let cluster: SlurmCluster;
    let service: KillableService;
    let client: BatchClient;

    beforeAll(async () => {
      cluster = await SlurmCluster.start([{}, {}]);
    });
    afterAll(() => cluster?.dispose());

    beforeEach(async () => {
      const parameters = ["--compute", "slurm", "--test-controls"];
      service = await KillableService.start({ parameters, environment: cluster.environment });
      client = new BatchClient(service.ready);
      const { log } = cluster;
      onTestFailed(() => console.error(service.log, log));
    });

    afterEach(async () => {
      client.close();
      try {
        await service.stop();
        expect(await cluster.jobs()).toEqual([]);
      } finally {
        await service.dispose();
      }
    });

    async function nodes(): Promise<Node[]> {
      return (await client.ok<{ value: Node[] }>("GET", `/pools/${POOL}/nodes`)).json.value;
    }

    async function idleNodes(count: number): Promise<Node[]> {
      return until(`${count} idle nodes`, async () => {
        const all = await nodes();
        return all.length === count && all.every(({ state }) => state === "idle") && all;
      });
    }

    async function addJob(): Promise<void> {
      await client.ok("POST", "/jobs", { id: "job", poolInfo: { poolId: POOL } });
    }

    async function addTask(id: string, script: string): Promise<void> {
      await client.ok("POST", "/jobs/job/tasks", { id, commandLine: `/bin/sh -c '${script}'` });
    }

    function ended(id: string): Promise<TaskResource> {
      return until(`the end of ${id}`, async () => {
        const task = await client.task("job", id);
        return task.state === "completed" && task;
      });
    }

    /** What the task has written, which must be JSON; of a task without a file, the error that says so. */
    async function written(task: string): Promise<unknown> {
      return (await client.send("GET", `/jobs/job/tasks/${task}/files/stdout.txt`)).json;
    }

    function machinesOf(jobs: readonly QueuedJob[]): string[] {
      return [...new Set(jobs.map(({ machine }) => machine))].sort();
    }

    test("each node is a job; its tasks run in it; a pool that shrinks gives jobs back", async () => {
      await client.addPool(POOL, 3, 2);
      await idleNodes(3);
      const jobs = await cluster.jobs();
      expect(jobs.map(({ state }) => state)).toEqual(["RUNNING", "RUNNING", "RUNNING"]);
      expect(machinesOf(jobs)).toEqual(["m1", "m2"]);

      await addJob();
      const tasks = Array.from({ length: 30 }, (_, n) => ({
        id: `t${n}`,
        commandLine: "/bin/sh -c 'exit 0'",
      }));
      await client.ok("POST", "/jobs/job/addtaskcollection", { value: tasks });
      await until("the tasks", async () => (await client.counts("job")).succeeded === 30);

      await client.ok("POST", `/pools/${POOL}/resize`, { targetDedicatedNodes: 1 });
      await idleNodes(1);
      await until("the jobs' end", async () => (await cluster.jobs()).length === 1);
      await client.ok("DELETE", `/pools/${POOL}`);
      await until("the last job's end", async () => (await cluster.jobs()).length === 0);
    });

    test("a job that Slurm ends is lost with its node; another job takes the node up, and the task runs again", async () => {
      await client.addPool(POOL, 1, 1);
      const [node] = await idleNodes(1);
      await addJob();
      await addTask(
        "long",
        `echo $BATCHYARD_TASK_ATTEMPT; [ $BATCHYARD_TASK_ATTEMPT = 2 ] || exec tail -f /dev/null`,
      );
      await until("the first attempt", async () => (await written("long")) === 1);
      const [job] = await cluster.jobs();
      await cluster.cancel(job?.id ?? "");
      const task = await ended("long");
      expect(task.executionInfo).toMatchObject({ exitCode: 0, retryCount: 0, requeueCount: 0 });
      expect(await written("long")).toBe(2);
      expect((await idleNodes(1))[0]?.id).toBe(node?.id);
      const [successor] = await cluster.jobs();
      expect(successor?.id).not.toBe(job?.id);
    });

    test("a service that dies interrupts nothing, and finds its jobs again", async () => {
      await client.addPool(POOL, 2, 1);
      await idleNodes(2);
      await addJob();
      await addTask("long", "echo $BATCHYARD_TASK_ATTEMPT; exec tail -f /dev/null");
      await until("the attempt", async () => (await written("long")) === 1);
      const jobs = await cluster.jobs();
      await service.kill();
      await service.start();
      expect((await cluster.jobs()).map(({ id }) => id).sort()).toEqual(jobs.map(({ id }) => id).sort());
      expect((await nodes()).map(({ state }) => state).sort()).toEqual(["idle", "running"]);
      await client.ok("POST", "/jobs/job/tasks/long/terminate");
      const { executionInfo } = await ended("long");
      expect(executionInfo).toMatchObject({ retryCount: 0, requeueCount: 0 });
      expect(await written("long")).toBe(1);
    });

    test("an agent is believed about its own node only, whatever it says about another's", async () => {
      await client.addPool(POOL, 2, 1);
      await idleNodes(2);
      await addJob();
      await addTask("long", "echo $BATCHYARD_TASK_ATTEMPT; exec tail -f /dev/null");
      await until("the attempt", async () => (await written("long")) === 1);
      const before = await nodes();
      const hasTask = (key: string) => existsSync(join(service.folder, "nodes", key, "workitems", "job"));
      const [victim = "", liar = ""] = ["1", "2"].sort(
        (one, other) => Number(hasTask(other)) - Number(hasTask(one)),
      );
      expect([hasTask(victim), hasTask(liar)]).toEqual([true, false]);

      const file = join(service.folder, `agent-${liar}`, "configuration.json");
      const configuration = JSON.parse(readFileSync(file, "utf8")) as AgentConfiguration;
      const link = await AgentLink.open(configuration);
      const hello = {
        t: "hello",
        agentId: `slurm-${liar}`,
        incarnation: "liar",
        pid: 1,
        nodes: [],
        runs: [],
        reports: [],
      };
      const endTime = new Date().toISOString();
      const report = { run: "t:1:1", nodeKey: victim, endTime, end: { kind: "exited", exitCode: 0 } };
      link.say(
        hello,
        { t: "node.failed", nodeKey: victim, code: "Lie", message: "a lie" },
        { t: "node.stopped", nodeKey: victim },
        { t: "run.ended", report },
      );
      await link.heard(({ t }) => t === "run.ack");
      link.close();
      const ofVictim = (all: readonly Node[]) => all.find(({ runningTasksCount }) => runningTasksCount === 1);
      expect(ofVictim(before)).toBeDefined();
      expect(ofVictim(await nodes())).toEqual(ofVictim(before));
      expect((await client.task("job", "long")).state).toBe("running");
      expect((await cluster.jobs()).map(({ state }) => state)).toEqual(["RUNNING", "RUNNING"]);

      const asVictim = await AgentLink.open(configuration);
      asVictim.say({ ...hello, agentId: `slurm-${victim}` });
      expect(await asVictim.closed).toBe(1008);
    });

    test("agents that cannot live there are not started again and again", async () => {
      const other = await KillableService.start({
        parameters: ["--compute", "slurm"],
        // They end before they are connected.
        environment: { ...cluster.environment, BATCHYARD_AGENT_ORPHAN_SECONDS: "0" },
      });
      const there = new BatchClient(other.ready);
      try {
        await there.addPool(POOL, 1, 1);
        await until("the reason", () => /Slurm: jobs end as soon as they are there; see \S+/.test(other.log));
        expect(other.log.match(/Slurm's job \d+ has ended/g)).toHaveLength(2);
      } finally {
        there.close();
        await other.stop();
        await other.dispose();
      }
    });

    test("doctor says that there is a cluster", async () => {
      const environment = { ...process.env, ...cluster.environment };
      const { stdout } = await batchyard(["doctor", "--json"], { environment });
      const { findings } = JSON.parse(stdout) as { findings: { name: string }[] };
      expect(findings.find(({ name }) => name === "Cluster")).toMatchObject({
        ok: true,
        found: expect.stringMatching(/^Slurm answers \(slurm-wlm \S+\)/),
        advice: "batchyard up --compute slurm",
      });
    });

    test("nodes go with the work to this machine, and back to the cluster", async () => {
      await client.addPool(POOL, 1, 1);
      const [node] = await idleNodes(1);
      await service.stop();
      const { folder } = service;
      const here = await KillableService.start({ folder });
      const local = new BatchClient(here.ready);
      try {
        await until("the node on this machine", async () => {
          const { json } = await local.ok<{ value: Node[] }>("GET", `/pools/${POOL}/nodes`);
          return json.value[0]?.id === node?.id && json.value[0]?.state === "idle";
        });
        expect(await cluster.jobs()).toEqual([]);
      } finally {
        local.close();
        await here.stop();
        await here.dispose();
      }
      await service.start();
      // The account's port may be one that the other service has found.
      client.close();
      client = new BatchClient(service.ready);
      expect((await idleNodes(1))[0]?.id).toBe(node?.id);
      expect(await cluster.jobs()).toHaveLength(1);
    });

    test("what the cluster has no room for waits in its queue, until the pool's resize times out and says why", async () => {
      await client.addPool(POOL, 5, 1);
      const pending = await until("a full cluster", async () => {
        const jobs = await cluster.jobs();
        const running = jobs.filter(({ state }) => state === "RUNNING");
        return running.length === 4 && jobs.length === 5 && jobs.find(({ state }) => state === "PENDING");
      });
      await until(
        "four nodes",
        async () => (await nodes()).filter(({ state }) => state === "idle").length === 4,
      );
      const advanced = await batchyard(["clock", "advance", "16m", "--data", service.folder]);
      expect(advanced.code).toBe(0);
      const pool = await until("the time-out", async () => {
        const { json } = await client.ok<{ allocationState: string; resizeErrors?: unknown }>(
          "GET",
          `/pools/${POOL}`,
        );
        return json.allocationState === "steady" && json;
      });
      expect(pool.resizeErrors).toEqual([
        {
          code: "AllocationTimedout",
          message: "Desired number of nodes could not be allocated in time",
          values: [{ name: "Reason", value: "Resources" }],
        },
      ]);
      await until(
        "the pending job's end",
        async () => !(await cluster.jobs()).some(({ id }) => id === pending?.id),
      );
      expect(await idleNodes(4)).toHaveLength(4);
    });
  },
);

describe("where there is no Slurm", () => {
  test("the service says so in a line, and ends", async () => {
    const started = await batchyard(["up", "--ephemeral", "--port", "0", "--compute", "slurm"], {
      environment: { PATH: "/nowhere" },
    });
    expect(started).toMatchObject({ code: 1, stdout: "" });
    expect(started.stderr.trim()).toBe("batchyard up: --compute slurm: squeue is not installed");
  });

  test.each([
    [["--compute", "moon"], "--compute takes local or slurm; 'moon' is none"],
    [["--slurm-option=--partition=batch"], "--slurm-option is for --compute slurm only"],
  ])("%j is wrong usage", async (words, says) => {
    const started = await batchyard(["up", "--ephemeral", "--port", "0", ...words]);
    expect(started).toMatchObject({ code: 2, stdout: "" });
    expect(started.stderr).toContain(says);
  });
});
