/** Resource files: what tasks find when they start, and what of it no URL, name or server can get past. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jobBody, poolBody, taskBody } from "../batch-bodies.fixture.ts";
import { BatchClient, type Json } from "../batch-client.fixture.ts";
import { eventually } from "../eventually.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";
import { BIG_BYTES, FileOrigin, WHOLE } from "./file-origin.fixture.ts";

let origin: FileOrigin;
let untrusted: FileOrigin;
let service: RunningService;
let batch: BatchClient;

beforeAll(async () => {
  origin = await FileOrigin.listen();
  untrusted = await FileOrigin.listen();
  origin.elsewhere = untrusted.origin;
  service = await runningService({ trustedOrigins: [origin.origin] });
  batch = await BatchClient.connect(service);
  const startTask = {
    commandLine: "/bin/sh -c 'cat started.txt'",
    resourceFiles: [{ httpUrl: `${origin.origin}/hello`, filePath: "started.txt" }],
    waitForSuccess: true,
  };
  await batch.post("/pools", poolBody("p", { taskSlotsPerNode: 16, startTask }));
  await batch.post("/jobs", jobBody("j", "p"));
});
afterAll(async () => {
  batch?.close();
  await service?.close();
  origin?.close();
  untrusted?.close();
});

const file = (path: string, filePath: string, more: object = {}) => ({
  httpUrl: `${origin.origin}${path}`,
  filePath,
  ...more,
});

async function run(id: string, script: string, resourceFiles: object[]): Promise<Json> {
  await batch.post("/jobs/j/tasks", taskBody(id, script, { resourceFiles }));
  return batch.until(`/jobs/j/tasks/${id}`, ({ state }) => state === "completed");
}

const output = async (id: string) => (await batch.send("GET", `/jobs/j/tasks/${id}/files/stdout.txt`)).text;

test("they are there when the command starts, with their modes, and the task may read and write them", async () => {
  const { executionInfo } = await run(
    "t1",
    "cat a.txt sub/deep/b.txt; stat -c %a a.txt sub/deep/b.txt; echo more >>a.txt; cat a.txt; rm -r sub && echo gone",
    [file("/hello", "a.txt"), file("/to-hello", "sub/deep/b.txt", { fileMode: "0640" })],
  );
  expect(executionInfo).toMatchObject({ exitCode: 0, result: "success" });
  expect(await output("t1")).toBe("hellohello770\n640\nhellomore\ngone\n");
});

test("a start task has its own", async () => {
  const [node] = (await batch.get("/pools/p/nodes")).value;
  const started = await batch.send("GET", `/pools/p/nodes/${node.id}/files/startup/stdout.txt`);
  expect(started.text).toBe("hello");
});

test("a container's blobs come with their folders, page by page", async () => {
  const storageContainerUrl = `${origin.origin}/box?sig=s`;
  const { executionInfo } = await run("t2", "cd into && find . -type f | sort && cat in/two.txt", [
    { storageContainerUrl, filePath: "into" },
  ]);
  expect(executionInfo).toMatchObject({ exitCode: 0 });
  expect(await output("t2")).toBe("./in/one & only.txt\n./in/two.txt\n/box/in/two.txt");
});

test("an interrupted reply is resumed, a busy server asked again", async () => {
  const { executionInfo } = await run("t3", "cat busy; cat whole", [
    file("/interrupted", "whole"),
    file("/busy", "busy"),
  ]);
  expect(executionInfo).toMatchObject({ exitCode: 0 });
  expect(await output("t3")).toBe(`at last${WHOLE.toString()}`);
  expect(origin.requests).toContain(`GET /interrupted bytes=${WHOLE.length / 2}-`);
});

test.each([
  ["missing", "/nothing", "BlobNotFound"],
  ["denied", "/denied", "BlobAccessDenied"],
  ["truncated", "/truncated", "BlobDownloadMiscError"],
  ["metadata", "/to-metadata", "BlobDownloadMiscError"],
  ["loopback", "/to-loopback", "BlobDownloadMiscError"],
])("%s: the task fails before it has run", async (id, path, code) => {
  const { executionInfo } = await run(`f-${id}`, "echo ran", [file("/hello", "a"), file(path, "b")]);
  // What the storage did wrong is not the task's owner's fault.
  const category = code === "BlobDownloadMiscError" ? "ServerError" : "UserError";
  expect(executionInfo).toMatchObject({ result: "failure", failureInfo: { category, code } });
  expect(executionInfo.exitCode).toBeUndefined();
  expect((await batch.send("GET", `/jobs/j/tasks/f-${id}/files/stdout.txt`)).status).toBe(404);
  expect(untrusted.requests).toEqual([]);
});

test("the service's own ports and every way to write loopback are out of reach", async () => {
  const { port } = new URL(untrusted.origin);
  const urls = [
    ...["127.1", "localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "2130706433"].map(
      (host) => `http://${host}:${port}/hello`,
    ),
    service.ready.plain,
    `${service.ready.batch}/jobs`,
    "http://169.254.169.254/metadata/instance",
  ];
  await Promise.all(
    urls.map(async (httpUrl, at) => {
      const { executionInfo } = await run(`l-${at}`, "true", [{ httpUrl, filePath: "a" }]);
      expect(executionInfo.failureInfo.code, httpUrl).toBe("BlobDownloadMiscError");
      // The second where nodes have no outbound network at all.
      expect(executionInfo.failureInfo.message, httpUrl).toMatch(/address|reaches nothing but the service/);
    }),
  );
  expect(untrusted.requests).toEqual([]);
});

test("neither a name nor a planted link leads out of the working folder", async () => {
  for (const filePath of ["../x", "/etc/x", "a/../../x", "", "a/"]) {
    const reply = await batch.send("POST", "/jobs/j/tasks", {
      body: taskBody("bad", "true", { resourceFiles: [file("/hello", filePath)] }),
    });
    expect([reply.status, reply.json?.code], filePath).toEqual([400, "InvalidPropertyValue"]);
  }
  const { executionInfo } = await run("e1", "true", [
    { storageContainerUrl: `${origin.origin}/evil`, blobPrefix: "evil" },
  ]);
  expect(executionInfo.failureInfo).toMatchObject({ code: "ResourceFileCreateFailed" });

  const planted = await run(
    "plant",
    "mkdir -p ../../e2/wd && ln -s /tmp ../../e2/wd/sub && ln -s /etc/passwd ../../e2/wd/top",
    [],
  );
  expect(planted.executionInfo.exitCode).toBe(0);
  const led = await run("e2", "true", [file("/hello", "sub/x")]);
  expect(led.executionInfo.failureInfo).toMatchObject({ code: "ResourceDirectoryCreateFailed" });
  await run("plant3", "mkdir -p ../../e3/wd && ln -s /tmp/led ../../e3/wd/top", []);
  const replaced = await run("e3", "test ! -h top && cat top", [file("/hello", "top")]);
  expect(replaced.executionInfo.exitCode).toBe(0);
  expect(await output("e3")).toBe("hello");
});

test("a task that waits for its files is terminated at once, and keeps no node", async () => {
  const resourceFiles = [file("/never", "a")];
  await batch.post("/jobs/j/tasks", taskBody("w1", "true", { resourceFiles }));
  await eventually("the request", () => origin.requests.includes("GET /never"));
  await batch.post("/jobs/j/tasks/w1/terminate");
  const { executionInfo } = await batch.until("/jobs/j/tasks/w1", ({ state }) => state === "completed");
  expect(executionInfo).toMatchObject({ result: "failure", failureInfo: { code: "TaskEnded" } });

  await batch.post("/pools", poolBody("p2"));
  await batch.post("/jobs", jobBody("j2", "p2"));
  origin.requests.length = 0;
  await batch.post("/jobs/j2/tasks", taskBody("w2", "true", { resourceFiles }));
  await eventually("the request", () => origin.requests.includes("GET /never"));
  await batch.must("DELETE", "/pools/p2");
  await batch.untilGone("/pools/p2");
});

test("a large file passes through the agent without staying in it", async () => {
  const { pid } = JSON.parse(readFileSync(join(service.folder, "agent/agent.json"), "utf8"));
  const peak = () =>
    Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;
  const before = peak();
  const { executionInfo } = await run("big", "stat -c %s big", [file("/big", "big")]);
  expect(executionInfo).toMatchObject({ exitCode: 0 });
  expect(await output("big")).toBe(`${BIG_BYTES}\n`);
  expect(peak() - before).toBeLessThan(60 * 1024 * 1024);
});
