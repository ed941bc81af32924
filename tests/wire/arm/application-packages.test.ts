/** Application packages on nodes: pools and tasks find them installed where Azure puts them, once for each version and activation. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { PROGRAM, zip } from "../../../src/agent/packages/zip.fixture.ts";
import { outcome } from "../arm-client.fixture.ts";
import { jobBody, poolBody, taskBody } from "../batch-bodies.fixture.ts";
import type { BatchClient, Json } from "../batch-client.fixture.ts";
import { PACKAGE_ACCOUNT, PackagesService } from "./application-packages.fixture.ts";

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
    commandLine: `/bin/sh -c '"$AZ_BATCH_APP_PACKAGE_Tool_kit"/bin/tool start'`,
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

test("many tasks of a node share one copy; a job manager task finds its own", async () => {
  await packages.upload("Shared", "1", tool("shared"));
  const ids = Array.from({ length: 8 }, (_, at) => `s${at}`);
  const done = await Promise.all(
    ids.map((id) =>
      run(
        "j",
        id,
        `echo $AZ_BATCH_APP_PACKAGE_Shared_1; ls $AZ_BATCH_APP_PACKAGE_Shared_1/..`,
        references(["shared", "1"]),
      ),
    ),
  );
  expect(done.map(({ executionInfo }) => executionInfo.exitCode)).toEqual(Array(8).fill(0));
  const outputs = await Promise.all(ids.map((id) => output("j", id)));
  expect(new Set(outputs.map((text) => text.split("\n")[0])).size).toBe(1);
  const last =
    outputs
      .at(-1)
      ?.split("\n")
      .filter((name) => name.startsWith("Shared")) ?? [];
  expect(last).toHaveLength(1);

  const manager = { id: "m", commandLine: `/bin/sh -c '$AZ_BATCH_APP_PACKAGE_shared_1/bin/tool managed'` };
  await batch.post(
    "/jobs",
    jobBody("jm", "p", { jobManagerTask: { ...manager, ...references(["shared", "1"]) } }),
  );
  await batch.until("/jobs/jm/tasks/m", ({ state }) => state === "completed");
  expect(await output("jm", "m")).toBe("tool shared managed\n");
}, 60_000);

test("another default, or another activation, is another copy: for a task at once, for a node with its reboot", async () => {
  await packages.setDefault("tool-kit", "2.0-beta");
  const script = `"$AZ_BATCH_APP_PACKAGE_Tool_kit"/bin/tool; env | grep -c AZ_BATCH_APP_PACKAGE`;
  await run("j", "d1", script, references(["tool-kit"]));
  await run("j", "d2", script);
  expect([await output("j", "d1"), await output("j", "d2")]).toEqual(["tool 2.0\n6\n", "tool 1.0\n4\n"]);
  const [{ id }] = (await batch.get("/pools/p/nodes")).value;
  await batch.post(`/pools/p/nodes/${id}/reboot`, {});
  await run("j", "d3", script);
  expect(await output("j", "d3")).toBe("tool 2.0\n4\n");

  await packages.upload("tool-kit", "2.0-beta", tool("2.1"));
  await run("j", "d4", script);
  await run("j", "d5", script, references(["tool-kit", "2.0-beta"]));
  expect([await output("j", "d4"), await output("j", "d5")]).toEqual(["tool 2.0\n4\n", "tool 2.1\n4\n"]);
}, 60_000);

test("references are judged when a pool is described, and kept as they were given", async () => {
  await packages.must("PUT", "/applications/pending", {});
  await packages.must("PUT", "/applications/pending/versions/1");
  const other = PACKAGE_ACCOUNT.replace("labbatch", "otherbatch");
  let refused = 0;
  for (const [list, told] of [
    [[["none"]], "no such application"],
    [[[`${other}/applications/tool-kit`]], "no such application"],
    [[["tool-kit", "3"]], "no package of this version"],
    [[["pending", "1"]], "not been activated"],
    [[["pending"]], "no default version"],
  ] as const) {
    const bad = references(...(list as unknown as [string][]));
    const tries = [
      await batch.send("POST", "/pools", { body: poolBody("bad", bad) }),
      await batch.send("PATCH", "/pools/p", { body: bad }),
    ];
    for (const { status, json, text } of tries) {
      expect([status, json?.code], told).toEqual([409, "InvalidApplicationPackageReferences"]);
      expect(text).toContain(told);
    }
    // Its pool is made after it has been taken.
    const id = `bad-${++refused}`;
    const { id: _, ...pool } = poolBody("x", bad);
    const poolInfo = { autoPoolSpecification: { poolLifetimeOption: "job", pool } };
    expect((await batch.send("POST", "/jobs", { body: { id, poolInfo } })).status, told).toBe(201);
    const job = (await batch.send("GET", `/jobs/${id}`)).json;
    expect(job).toMatchObject({
      state: "completed",
      executionInfo: { schedulingError: { code: "InvalidApplicationPackageReferencesInAutoPool" } },
    });
  }
  const eleven = Array.from({ length: 11 }, (_, at): [string] => [`a${at}`]);
  for (const list of [eleven, [["tool-kit"], ["TOOL-KIT"]], [[""]], [["tool-kit", "v".repeat(65)]]] as [
    string,
  ][][]) {
    const bad = references(...list);
    for (const [path, body] of [
      ["/pools", poolBody("bad", bad)],
      ["/jobs/j/tasks", taskBody("bad", "true", bad)],
    ] as const) {
      const reply = await batch.send("POST", path, { body });
      expect([reply.status, reply.json?.code], JSON.stringify(list)).toEqual([400, "InvalidPropertyValue"]);
    }
  }
  expect((await batch.send("GET", "/pools/bad")).status).toBe(404);
  expect((await batch.get("/pools/p")).applicationPackageReferences).toEqual([{ applicationId: "tool-kit" }]);
  expect((await batch.get("/jobs/j/tasks/t2")).applicationPackageReferences).toEqual([
    { applicationId: `${PACKAGE_ACCOUNT}/applications/tool-kit`, version: "2.0-BETA" },
  ]);
}, 60_000);

test("management describes the same pools by the applications' ids", async () => {
  const applicationPackages = [{ id: `${PACKAGE_ACCOUNT}/applications/Tool-kit`, version: "1.0" }];
  const properties = {
    vmSize: "standard_d2s_v3",
    deploymentConfiguration: {
      virtualMachineConfiguration: {
        imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
        nodeAgentSkuId: "batch.node.debian 12",
      },
    },
    scaleSettings: { fixedScale: { targetDedicatedNodes: 1 } },
  };
  const made = await packages.must("PUT", "/pools/m", { properties: { ...properties, applicationPackages } });
  expect(made.properties.applicationPackages).toEqual(applicationPackages);
  await batch.post("/jobs", jobBody("jx", "m"));
  const { executionInfo } = await run(
    "jx",
    "t",
    `$AZ_BATCH_APP_PACKAGE_Tool_kit_1_0/bin/tool from management`,
  );
  expect(executionInfo).toMatchObject({ exitCode: 0 });
  expect(await output("jx", "t")).toBe("tool 1.0 from management\n");
  const bad = [{ id: `${PACKAGE_ACCOUNT}/applications/none` }];
  const refused = await packages.ask("PUT", "/pools/n", {
    properties: { ...properties, applicationPackages: bad },
  });
  expect(outcome(refused)).toBe("409 InvalidApplicationPackageReferences");
  const changed = await packages.must("PATCH", "/pools/m", { properties: { applicationPackages: [] } });
  expect(changed.properties.applicationPackages ?? []).toEqual([]);
  await batch.must("DELETE", "/pools/m");
}, 60_000);

test("a task whose package cannot be had fails before it runs, and leaves its node as it was", async () => {
  await packages.upload("hostile", "out", zip([{ name: "../../../../out", content: "x" }]));
  await packages.upload(
    "hostile",
    "link",
    zip([
      { name: "l", content: "/etc", mode: 0o120777 },
      { name: "l/x", content: "x" },
    ]),
  );
  await packages.upload("hostile", "bomb", zip([{ name: "b", content: Buffer.alloc(80 * 1024 ** 2) }]));
  await packages.upload("hostile", "garbage", Buffer.from("this is no archive"));
  const before = await run("j", "h0", "ls $AZ_BATCH_NODE_ROOT_DIR/applications $AZ_BATCH_NODE_ROOT_DIR");
  expect(before.executionInfo.exitCode).toBe(0);
  for (const [id, application, version, told] of [
    ["h1", "hostile", "out", "invalid relative path"],
    ["h2", "hostile", "link", "neither a file nor a folder"],
    ["h3", "hostile", "bomb", "200 times"],
    ["h4", "hostile", "garbage", "no zip archive"],
    ["h5", "hostile", "absent", "no package of this version"],
    ["h6", "hostile", undefined, "no default version"],
    ["h7", "nowhere", "1", "no such application"],
  ] as const) {
    const list: [string, string?] = version === undefined ? [application] : [application, version];
    const { executionInfo } = await run("j", id, "echo ran", references(list));
    const code = "ApplicationPackageError";
    expect(executionInfo, id).toMatchObject({
      result: "failure",
      failureInfo: { category: "UserError", code },
    });
    expect(executionInfo.exitCode).toBeUndefined();
    const reference = version === undefined ? application : `${application}:${version}`;
    expect(executionInfo.failureInfo.details, id).toEqual([
      { name: "ApplicationPackageReference", value: reference },
      { name: "Message", value: expect.stringContaining(told) },
    ]);
    expect((await batch.send("GET", `/jobs/j/tasks/${id}/files/stdout.txt`)).status, id).toBe(404);
  }
  await run("j", "h8", "ls $AZ_BATCH_NODE_ROOT_DIR/applications $AZ_BATCH_NODE_ROOT_DIR");
  expect(await output("j", "h8")).toBe(await output("j", "h0"));
}, 60_000);

test("a node whose pool's package cannot be had is unusable, says why, and comes with a reboot when it can", async () => {
  await packages.upload("broken", "1", Buffer.from("this is no archive"));
  const startTask = { commandLine: "/bin/sh -c 'echo started'", waitForSuccess: true };
  await batch.post("/pools", poolBody("u", { startTask, ...references(["broken", "1"]) }));
  const isUnusable = ({ value }: Json) => value[0]?.state === "unusable";
  const { value } = await batch.until("/pools/u/nodes", isUnusable);
  const [{ id, errors, startTaskInfo }] = value;
  expect(errors).toEqual([
    {
      code: "ApplicationPackageError",
      message: expect.stringContaining("broken:1"),
      errorDetails: [
        { name: "ApplicationPackageReference", value: "broken:1" },
        { name: "Message", value: expect.stringContaining("no zip archive") },
      ],
    },
  ]);
  expect(startTaskInfo).toBeUndefined();

  await packages.upload("broken", "1", tool("mended"));
  await batch.post(`/pools/u/nodes/${id}/reboot`, {});
  await batch.until(`/pools/u/nodes/${id}`, ({ state }) => state === "idle");
  await batch.post("/jobs", jobBody("ju", "u"));
  await run("ju", "t", `$AZ_BATCH_APP_PACKAGE_broken_1/bin/tool`);
  expect(await output("ju", "t")).toBe("tool mended\n");
  await packages.must("DELETE", "/applications/broken/versions/1");
  await run("ju", "t2", `$AZ_BATCH_APP_PACKAGE_broken_1/bin/tool`);
  expect(await output("ju", "t2")).toBe("tool mended\n");
  await batch.must("DELETE", "/pools/u");
  await batch.untilGone("/pools/u");
}, 60_000);

test("on a node that is only a process it is the same", async () => {
  const plain = await PackagesService.start({ isolation: "process" });
  try {
    await plain.upload("tool", "1", tool("plain"));
    await plain.batch.post("/pools", poolBody("p", references(["tool", "1"])));
    await plain.batch.post("/jobs", jobBody("j", "p"));
    await plain.batch.post("/jobs/j/tasks", taskBody("t", `"$AZ_BATCH_APP_PACKAGE_tool_1"/bin/tool`));
    await plain.batch.until("/jobs/j/tasks/t", ({ state }) => state === "completed");
    expect((await plain.batch.send("GET", "/jobs/j/tasks/t/files/stdout.txt")).text).toBe("tool plain\n");
  } finally {
    await plain.close();
  }
}, 60_000);
