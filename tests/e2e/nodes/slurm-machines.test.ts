/**
 * A cluster whose machine is not the service's: its daemon runs in a network of its own, from which nothing of this machine's
 * loopback can be had, and everything goes to the address that the service is bound to.
 */
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from "vitest";
import { asIdentity } from "../../wire/blob/identity-storage.fixture.ts";
import { STORAGE_ACCOUNT } from "../../wire/blob/storage.fixture.ts";
import { BatchClient } from "../batch-client.ts";
import { KillableService, until } from "../killable-service.ts";
import { FileService } from "../storage/file-service.ts";
import { namespaceObstacle } from "./namespace-nodes.ts";
import { SlurmCluster, type SlurmMachine, slurmObstacle } from "./slurm-cluster.ts";

const SERVICE = "10.79.0.1";
const MACHINE = "10.79.0.2";
const BLOBS = `https://${STORAGE_ACCOUNT}.blob.core.windows.net`;
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

function machine(): SlurmMachine {
  return { address: MACHINE, prefix: ["nsenter", `--net=/run/netns/${NETWORK}`] };
}

describe.skipIf(obstacle)("on another machine", { timeout: 60_000 }, () => {
  let cluster: SlurmCluster;
  const parameters = ["--compute", "slurm", "--bind", SERVICE];

  beforeAll(async () => {
    cluster = await SlurmCluster.start([machine()], SERVICE);
  });
  afterAll(() => cluster?.dispose());

  /** Stopped, and with it all its jobs; then nothing of it may be left. */
  async function end(service: KillableService): Promise<void> {
    await service.stop();
    expect(await cluster.jobs()).toEqual([]);
  }

  test.each(["namespace", "process"])(
    "tasks of a %s node reach the service, and it reads their files",
    async (isolation) => {
      const service = await KillableService.start({
        parameters: [...parameters, "--isolation", isolation],
        environment: cluster.environment,
      });
      onTestFailed(() => console.error(service.log));
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
        await end(service);
        await service.dispose();
      }
    },
  );

  test("files come and go as the pool's identity", async () => {
    const service = await FileService.start({ parameters, environment: cluster.environment });
    onTestFailed(() => console.error(service.process.log));
    const { storage, client } = service;
    try {
      await storage.put("inputs/word", "hello");
      await storage.addPool("pool", ["reader", "writer"], {
        scaleSettings: { fixedScale: { targetDedicatedNodes: 1 } },
      });
      await client.addJob("job", "pool");
      const containerUrl = `${BLOBS}/outputs`;
      await client.addTasks("job", [
        {
          id: "task",
          commandLine: "/bin/sh -c 'cat word > copy; echo from afar >> copy'",
          resourceFiles: [{ httpUrl: `${BLOBS}/inputs/word`, filePath: "word", ...asIdentity("reader") }],
          outputFiles: [
            {
              filePattern: "copy",
              destination: { container: { containerUrl, path: "copy", ...asIdentity("writer") } },
              uploadOptions: { uploadCondition: "taskcompletion" },
            },
          ],
        },
      ]);
      const task = await until("the task", async () => {
        const task = await client.task("job", "task");
        return task.state === "completed" && task;
      });
      expect(task.executionInfo).toMatchObject({ exitCode: 0, result: "success" });
      expect(await storage.content("outputs/copy")).toBe("hellofrom afar\n");
    } finally {
      await end(service.process);
      await service.dispose();
    }
  });
});
