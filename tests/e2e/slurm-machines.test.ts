/**
 * A cluster whose machine is not the service's: its daemon runs in a network of its own, from which nothing of this machine's
 * loopback can be had, and everything goes to the address that the service is bound to.
 */
import { execFileSync } from "node:child_process";
import { afterAll, expect, onTestFailed, test } from "vitest";
import { BatchClient } from "./batch-client.ts";
import { KillableService, until } from "./killable-service.ts";
import { namespaceObstacle } from "./namespace-nodes.ts";
import { SlurmCluster, slurmObstacle } from "./slurm-cluster.ts";

const SERVICE = "10.79.0.1";
const MACHINE = "10.79.0.2";
const NETWORK = `batchyard-${process.pid}`;
const LINK = `by${process.pid}`;

function ip(...words: string[]): void {
  execFileSync("ip", words, { stdio: ["ignore", "ignore", "pipe"] });
}

function makeNetwork(): string | undefined {
  try {
    ip("netns", "add", NETWORK);
    ip("link", "add", LINK, "type", "veth", "peer", "name", "eth0", "netns", NETWORK);
    ip("addr", "add", `${SERVICE}/30`, "dev", LINK);
    ip("link", "set", LINK, "up");
    ip("-n", NETWORK, "addr", "add", `${MACHINE}/30`, "dev", "eth0");
    ip("-n", NETWORK, "link", "set", "eth0", "up");
    ip("-n", NETWORK, "link", "set", "lo", "up");
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const obstacle = slurmObstacle ?? namespaceObstacle ?? makeNetwork();
if (obstacle) console.warn(`skipped, no second machine here: ${obstacle}`);

afterAll(() => {
  for (const words of [
    ["netns", "delete", NETWORK],
    ["link", "delete", LINK],
  ]) {
    try {
      ip(...words);
    } catch {
      // It was never made, or went with the other.
    }
  }
});

test.skipIf(obstacle).each(["namespace", "process"])(
  "tasks on another machine, on a %s node, reach the service, and it reads their files",
  { timeout: 60_000 },
  async (isolation) => {
    const machine = { address: MACHINE, prefix: ["nsenter", `--net=/run/netns/${NETWORK}`] };
    await using cluster = await SlurmCluster.start([machine], SERVICE);
    const service = await KillableService.start({
      parameters: ["--compute", "slurm", "--bind", SERVICE, "--isolation", isolation],
      environment: cluster.environment,
    });
    const { log } = cluster;
    onTestFailed(() => console.error(service.log, log));
    const client = new BatchClient(service.ready);
    const { port } = new URL(service.ready.login);
    try {
      await client.addPool("pool", 1, 1);
      await client.addJob("job", "pool");
      const status = (url: string) => `curl -s -o /dev/null -w "%{http_code}" "${url}"`;
      // Azure's own names lead there on nodes with a view of their own.
      const host = isolation === "namespace" ? "login.microsoftonline.com" : `${SERVICE}:${port}`;
      const discovery = `https://${host}/common/.well-known/openid-configuration`;
      const script = `echo "[$(${status("$AZ_BATCH_ACCOUNT_URL/jobs")}), $(${status(discovery)})]"`;
      await client.addTasks("job", [{ id: "task", commandLine: `/bin/sh -c '${script}'` }]);
      await until("the task", async () => (await client.task("job", "task")).state === "completed");
      const { json } = await client.send("GET", "/jobs/job/tasks/task/files/stdout.txt");
      expect(json).toEqual([401, 200]);
    } finally {
      client.close();
      await service.stop();
      expect(await cluster.jobs()).toEqual([]);
      await service.dispose();
    }
  },
);
