/** Application packages on nodes: pools and tasks find them installed where Azure puts them, once for each version and activation. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { PROGRAM, zip } from "../../src/agent/packages/zip.fixture.ts";
import { PACKAGE_ACCOUNT, PackagesService } from "./application-packages.fixture.ts";
import { jobBody, poolBody, taskBody } from "./batch-bodies.fixture.ts";
import type { BatchClient, Json } from "./batch-client.fixture.ts";

let packages: PackagesService;
let batch: BatchClient;

/** A program that says its version, and a file beside it. */
const tool = (version: string) =>
  zip([
    { name: "bin/", mode: 0o040755 },
    { name: "bin/tool", content: `#!/bin/sh\necho tool ${version} $*\n`, mode: PROGRAM },
    { name: "data/größe.txt", content: version, isStored: true },
  ]);

beforeAll(async () => {
  packages = await PackagesService.start();
  batch = packages.batch;
  await packages.upload("Tool-kit", "1.0", tool("1.0"));
  await packages.upload("Tool-kit", "2.0-beta", tool("2.0"));
  await packages.setDefault("tool-kit", "1.0");
}, 60_000);
afterAll(() => packages?.close());

const references = (...list: [applicationId: string, version?: string][]) => ({
  applicationPackageReferences: list.map(([applicationId, version]) => ({
    applicationId,
    ...(version !== undefined && { version }),
  })),
});

async function run(job: string, id: string, script: string, change: object = {}): Promise<Json> {
  await batch.post(`/jobs/${job}/tasks`, taskBody(id, script, change));
  return batch.until(`/jobs/${job}/tasks/${id}`, ({ state }) => state === "completed");
}

const output = async (job: string, id: string, file = "stdout.txt") =>
  (await batch.send("GET", `/jobs/${job}/tasks/${id}/files/${file}`)).text;

test("a pool's package is there for its start task and its tasks, by every name of its variable", async () => {
  const startTask = {
    commandLine: `/bin/sh -c '"$AZ_BATCH_APP_PACKAGE_Tool_kit_1_0"/bin/tool start'`,
    waitForSuccess: true,
  };
  await batch.post("/pools", poolBody("p", { startTask, taskSlotsPerNode: 8, ...references(["tool-kit"]) }));
  await batch.post("/jobs", jobBody("j", "p"));
  const { executionInfo } = await run(
    "j",
    "t1",
    `"$AZ_BATCH_APP_PACKAGE_Tool_kit"/bin/tool a; "$AZ_BATCH_APP_PACKAGE_tool_kit_1_0"/bin/tool b;
     cat "$AZ_BATCH_APP_PACKAGE_tool_kit"/data/gr*e.txt; stat -c " %a" "$AZ_BATCH_APP_PACKAGE_tool_kit"/data/gr*e.txt; echo "$AZ_BATCH_APP_PACKAGE_tool_kit"`,
  );
  expect(executionInfo).toMatchObject({ exitCode: 0 });
  const [one, two, content, place] = (await output("j", "t1")).trim().split("\n");
  expect([one, two, content]).toEqual(["tool 1.0 a", "tool 1.0 b", "1.0 644"]);
  expect(place).toMatch(/\/applications\/Tool-kit1\.0\d{4}-\d\d-\d\d-\d\d-\d\d-\d+\.\d+$/);
  const [node] = (await batch.get("/pools/p/nodes")).value;
  const started = await batch.send("GET", `/pools/p/nodes/${node.id}/files/startup/stdout.txt`);
  expect(started.text).toBe("tool 1.0 start\n");
}, 60_000);

test("a task's packages stand beside the pool's, and come before its resource files", async () => {
  const { executionInfo } = await run(
    "j",
    "t2",
    `"$AZ_BATCH_APP_PACKAGE_Tool_kit_2_0_beta"/bin/tool x; "$AZ_BATCH_APP_PACKAGE_Tool_kit"/bin/tool y`,
    references([`${PACKAGE_ACCOUNT}/applications/tool-kit`, "2.0-BETA"]),
  );
  expect(executionInfo).toMatchObject({ exitCode: 0 });
  expect(await output("j", "t2")).toBe("tool 2.0 x\ntool 1.0 y\n");
}, 60_000);
