/** An agent that is killed while it installs a package: nobody ever finds half of it, and whoever waited gets all. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { zip } from "../../../src/agent/packages/zip.fixture.ts";
import { jobBody, poolBody, taskBody } from "../batch-bodies.fixture.ts";
import type { BatchClient } from "../batch-client.fixture.ts";
import { eventually } from "../eventually.fixture.ts";
import { PackagesService } from "./application-packages.fixture.ts";

const FILES = 4_000;
const archive = zip(
  Array.from({ length: FILES }, (_, at) => ({
    name: `part${at % 40}/file${at}`,
    content: `content ${at}\n`,
  })),
);
/** Prints how many files there are, and how many of them hold what they should. */
const COUNT =
  "cd $AZ_BATCH_APP_PACKAGE_large_1 && find . -type f | wc -l && cat part*/file* | sort -u | grep -c content";

let packages: PackagesService;
let batch: BatchClient;

beforeAll(async () => {
  packages = await PackagesService.start();
  batch = packages.batch;
  await packages.upload("large", "1", archive);
}, 60_000);
afterAll(() => packages?.close());

const nodes = () => join(packages.service.folder, "nodes");

function list(folder: string, recursive = false): string[] {
  try {
    return readdirSync(folder, { recursive }).map(String);
  } catch {
    return []; // not there, or gone while it was read
  }
}

/** Once a part of the package has been unpacked. @returns the name of the node's folder */
function halfInstalled(): Promise<string> {
  return eventually("a package that is half installed", () => {
    const stage = list(nodes()).find(
      (name) => name.endsWith(".packages") && list(join(nodes(), name), true).length > 200,
    );
    return stage?.replace(".packages", "");
  });
}

function killAgent(): void {
  const file = join(packages.service.folder, "agent", "agent.json");
  process.kill(JSON.parse(readFileSync(file, "utf8")).pid, "SIGKILL");
}

const output = async (id: string) => (await batch.send("GET", `/jobs/j/tasks/${id}/files/stdout.txt`)).text;
const completed = (id: string) => batch.until(`/jobs/j/tasks/${id}`, ({ state }) => state === "completed");

test("a pool's package: the node comes again, and has all of it", async () => {
  await batch.post(
    "/pools",
    poolBody("p", { applicationPackageReferences: [{ applicationId: "large", version: "1" }] }),
  );
  const node = await halfInstalled();
  killAgent();
  expect(list(join(nodes(), node, "applications"))).toEqual([]);
  expect(list(join(nodes(), `${node}.packages`))).not.toEqual([]);

  await batch.post("/jobs", jobBody("j", "p"));
  await batch.post("/jobs/j/tasks", taskBody("t1", COUNT));
  expect((await completed("t1")).executionInfo).toMatchObject({ exitCode: 0 });
  expect(await output("t1")).toBe(`${FILES}\n${FILES}\n`);
  expect(list(join(nodes(), node, "applications"))).toEqual([expect.stringMatching(/^large1/)]);
  expect(list(join(nodes(), `${node}.packages`))).toEqual([]);
}, 60_000);

test("a task's package: the task runs when it is there, and only then", async () => {
  await packages.upload("large", "1", archive);
  const references = { applicationPackageReferences: [{ applicationId: "large", version: "1" }] };
  await batch.post("/jobs/j/tasks", taskBody("t2", `${COUNT} && echo $BATCHYARD_TASK_ATTEMPT`, references));
  const node = await halfInstalled();
  killAgent();
  expect(list(join(nodes(), node, "applications"))).toHaveLength(1);

  expect((await completed("t2")).executionInfo).toMatchObject({ exitCode: 0, retryCount: 0 });
  expect(await output("t2")).toBe(`${FILES}\n${FILES}\n2\n`);
  expect(list(join(nodes(), node, "applications"))).toHaveLength(2);
  expect(list(join(nodes(), `${node}.packages`))).toEqual([]);
}, 60_000);

test("a pool that goes while its nodes install its package takes everything along", async () => {
  await packages.upload("large", "1", archive);
  await batch.post(
    "/pools",
    poolBody("q", { applicationPackageReferences: [{ applicationId: "large", version: "1" }] }),
  );
  const node = await halfInstalled();
  await batch.must("DELETE", "/pools/q");
  await batch.untilGone("/pools/q");
  for (const name of [node, `${node}.packages`]) expect(existsSync(join(nodes(), name)), name).toBe(false);
}, 60_000);
