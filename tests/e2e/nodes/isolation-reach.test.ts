/** What a task on a namespace node does reach: the service it works for, by every name it has, however often it starts anew. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BatchClient, type TaskResource } from "../batch-client.ts";
import { KillableService } from "../killable-service.ts";
import { namespaceObstacle } from "./namespace-nodes.ts";

let service: KillableService;
let client: BatchClient;
let tasks = 0;

beforeAll(async () => {
  if (namespaceObstacle !== undefined) return;
  service = await KillableService.start({ parameters: ["--isolation", "namespace"] });
  client = new BatchClient(service.ready);
  await client.send("POST", "/pools", {
    id: "p",
    vmSize: "standard_d2s_v3",
    targetDedicatedNodes: 1,
    virtualMachineConfiguration: {
      imageReference: { publisher: "canonical", offer: "ubuntu-24_04-lts", sku: "server" },
      nodeAgentSKUId: "batch.node.ubuntu 24.04",
    },
  });
  await client.send("POST", "/jobs", { id: "j", poolInfo: { poolId: "p" } });
});

afterAll(async () => {
  client?.close();
  await service?.dispose();
});

async function output(commandLine: string): Promise<string> {
  const id = `t${++tasks}`;
  const added = await client.send("POST", "/jobs/j/tasks", { id, commandLine });
  expect(added.status).toBe(201);
  for (;;) {
    const { json } = await client.send<TaskResource>("GET", `/jobs/j/tasks/${id}`);
    if (json.state === "completed") break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const nodes = join(service.folder, "nodes");
  const [nodeKey = ""] = readdirSync(nodes);
  return readFileSync(join(nodes, nodeKey, "workitems/j/job-1", id, "stdout.txt"), "utf8");
}

const hasCurl = (() => {
  try {
    execFileSync("curl", ["--version"]);
    return true;
  } catch {
    console.warn("skipped: no curl");
    return false;
  }
})();

describe.skipIf(namespaceObstacle !== undefined || !hasCurl)("a task on a namespace node", () => {
  const curl = "curl -s -o /dev/null -w '%{http_code} %{ssl_verify_result}\\n'";
  /** One call each: account, account, management, login, login. */
  const script = () => {
    const { account, location, login, tenantId } = service.ready;
    const urls = [
      '"$AZ_BATCH_ACCOUNT_URL/jobs?api-version=2024-07-01.20.0"',
      `"https://${account}.${location}.batch.azure.com/jobs?api-version=2024-07-01.20.0"`,
      '"https://management.azure.com/subscriptions?api-version=2022-12-01"',
      `"https://login.microsoftonline.com/${tenantId}/v2.0/.well-known/openid-configuration"`,
      `"${login}/${tenantId}/v2.0/.well-known/openid-configuration"`,
    ];
    return `/bin/sh -c "${urls
      .map((url) => `${curl} ${url}`)
      .join("; ")
      .replaceAll(/["\\]/g, "\\$&")}"`;
  };

  test("reaches account, management and login by their local and by Azure's names, and trusts them", async () => {
    const said = await output(script());
    expect(said).toBe("401 0\n401 0\n401 0\n200 0\n200 0\n");
  });

  test("still does after the service has died and come back", async () => {
    await service.kill();
    await service.start();
    const said = await output(script());
    expect(said).toBe("401 0\n401 0\n401 0\n200 0\n200 0\n");
  });
});
