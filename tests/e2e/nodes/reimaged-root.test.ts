/** What is installed on a node, as a program sees it that only asks the service: who has it, and what a reimage makes of it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BatchClient, type TaskResource } from "../batch-client.ts";
import { KillableService, until } from "../killable-service.ts";
import { rootObstacle } from "./namespace-nodes.ts";

interface Node {
  readonly id: string;
  readonly state: string;
}

const elevated = { userIdentity: { autoUser: { scope: "pool", elevationLevel: "admin" } } };

if (rootObstacle !== undefined) console.warn(`skipped, no roots of nodes' own here: ${rootObstacle}`);

describe.skipIf(rootObstacle !== undefined)("a pool of two nodes", { timeout: 90_000 }, () => {
  let service: KillableService;
  let client: BatchClient;
  let tasks = 0;

  beforeAll(async () => {
    service = await KillableService.start({ parameters: ["--isolation", "namespace"] });
    client = new BatchClient(service.ready);
  });

  afterAll(async () => {
    client?.close();
    await service?.dispose();
  });

  const nodes = async () => (await client.send<{ value: Node[] }>("GET", "/pools/p/nodes")).json.value;
  const act = (node: string, action: string) => client.insist("POST", `/pools/p/nodes/${node}/${action}`, {});

  /** Of a task that the other node takes. */
  async function exitOff(closed: string, script: string, change: object = {}) {
    await act(closed, "disablescheduling");
    const id = `t${++tasks}`;
    await client.insist("POST", "/jobs/j/tasks", { id, commandLine: `/bin/sh -c '${script}'`, ...change });
    const done = await until(`task ${id}`, async () => {
      const { json } = await client.send<TaskResource>("GET", `/jobs/j/tasks/${id}`);
      return json.state === "completed" && json;
    });
    await act(closed, "enablescheduling");
    return done.executionInfo?.exitCode;
  }

  test("has on each node what the start task and the node's own tasks install; a reimage takes the latter away and heals", async () => {
    await client.insist("POST", "/pools", {
      id: "p",
      vmSize: "standard_d2s_v3",
      targetDedicatedNodes: 2,
      virtualMachineConfiguration: {
        imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
        nodeAgentSKUId: "batch.node.debian 12",
      },
      startTask: {
        commandLine: "/bin/cp /bin/true /usr/bin/by-start-task",
        waitForSuccess: true,
        ...elevated,
      },
    });
    const areIdle = async () => (await nodes()).filter(({ state }) => state === "idle").length === 2;
    await until("the nodes to be idle", areIdle);
    await client.insist("POST", "/jobs", { id: "j", poolInfo: { poolId: "p" } });
    const [one = "", two = ""] = (await nodes()).map(({ id }) => id);
    const both = "by-start-task && by-task";
    const onlyOne = "by-start-task && ! by-task";

    expect(await exitOff(two, "cp /bin/true /usr/bin/by-task", elevated)).toBe(0);
    expect(await exitOff(two, both)).toBe(0);
    expect(await exitOff(one, onlyOne)).toBe(0);

    await exitOff(two, "rm -rf /bin /sbin /usr/bin /usr/sbin /etc /opt /var/lib /home /root", elevated);
    expect(await exitOff(two, "true")).not.toBe(0);
    expect(await exitOff(one, onlyOne)).toBe(0);

    await act(one, "reimage");
    await until("the nodes to be idle again", areIdle);
    expect(await exitOff(two, onlyOne)).toBe(0);
    await client.insist("DELETE", "/pools/p");
  });
});
