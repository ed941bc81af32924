/** Output files and containers, against Azurite behind the service's own front, and what a task cannot make the agent send. */
import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jobBody, poolBody, taskBody } from "../batch-bodies.fixture.ts";
import { BatchClient, type Json } from "../batch-client.fixture.ts";
import { SignedContainers } from "../blob/signed-container.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

let service: RunningService;
let batch: BatchClient;
let containers: SignedContainers;

beforeAll(async () => {
  service = await runningService();
  batch = await BatchClient.connect(service);
  containers = await SignedContainers.open(service, batch);
  for (const container of ["outputs", "inputs", "offline"]) await containers.make(container);
  await batch.post("/pools", poolBody("p", { taskSlotsPerNode: 8 }));
  await batch.post("/jobs", jobBody("j", "p"));
});
afterAll(async () => {
  batch?.close();
  await service?.close();
});

function blob(method: string, path: string, body?: Buffer) {
  const signed = new URL(containers.url(path.split(/[/?]/)[1] ?? "")).search.slice(1);
  const headers = body && { "x-ms-blob-type": "BlockBlob", "content-length": String(body.length) };
  return containers.send(
    method,
    `${service.ready.blob}${path}${path.includes("?") ? "&" : "?"}${signed}`,
    headers,
    body,
  );
}

const output = (filePattern: string, uploadCondition: string, container: object = {}) => ({
  filePattern,
  destination: { container: { containerUrl: containers.url("outputs"), ...container } },
  uploadOptions: { uploadCondition },
});

async function run(id: string, script: string, change: object): Promise<Json> {
  await batch.post("/jobs/j/tasks", taskBody(id, script, change));
  return batch.until(`/jobs/j/tasks/${id}`, ({ state }) => state === "completed");
}

const contentOf = async (name: string) => {
  const { status, body } = await blob("GET", `/outputs/${name}`);
  return status === 200 ? body.toString() : status;
};

test("what a task leaves behind is uploaded as its patterns, conditions and headers say", async () => {
  const uploadHeaders = [
    { name: "Content-Type", value: "text/csv" },
    { name: "x-ms-meta-made", value: "here" },
  ];
  const script =
    "mkdir -p d/e .h && echo one >a.csv && echo two >d/b.txt && echo three >d/e/c.txt && echo x >.h/d.txt && echo said && head -c 20000000 /dev/urandom >big && sha256sum <big >sum";
  const { executionInfo } = await run("t1", script, {
    outputFiles: [
      output("a.csv", "tasksuccess", { path: "t1/renamed.csv", uploadHeaders }),
      output("**/*.txt", "taskcompletion", { path: "t1/all" }),
      output("../std*.txt", "taskcompletion", { path: "t1" }),
      output("$AZ_BATCH_TASK_WORKING_DIR/[b]i?", "tasksuccess", { path: "t1", uploadHeaders }),
      output("sum", "tasksuccess"),
      output("a.csv", "taskfailure", { path: "t1/not" }),
      output("missing", "taskcompletion"),
    ],
  });
  expect(executionInfo).toMatchObject({ result: "success", exitCode: 0 });
  const made = await blob("GET", "/outputs/t1/renamed.csv");
  expect([made.body.toString(), made.headers["content-type"], made.headers["x-ms-meta-made"]]).toEqual([
    "one\n",
    "text/csv",
    "here",
  ]);
  expect(await contentOf("t1/all/d/b.txt")).toBe("two\n");
  expect(await contentOf("t1/all/d/e/c.txt")).toBe("three\n");
  expect(await contentOf("t1/all/.h/d.txt")).toBe(404);
  expect(await contentOf("t1/stdout.txt")).toBe("said\n");
  expect(await contentOf("t1/not")).toBe(404);
  const big = await blob("GET", "/outputs/t1/big");
  expect([big.body.length, big.headers["content-type"]]).toEqual([20_000_000, "text/csv"]);
  expect(await contentOf("sum")).toBe(`${createHash("sha256").update(big.body).digest("hex")}  -\n`);
});

test("what became of the uploads stands beside the task's other files, and says nothing of signatures", async () => {
  await run("told", "echo a >a.txt", {
    outputFiles: [
      output("*.txt", "taskcompletion", { path: "told" }),
      output("a.txt", "taskcompletion", { containerUrl: containers.url("nowhere") }),
    ],
  });
  const said = async (name: string) => (await batch.send("GET", `/jobs/j/tasks/told/files/${name}`)).text;
  const [out, err] = [await said("fileuploadout.txt"), await said("fileuploaderr.txt")];
  expect(out).toMatch(/^\S+Z Uploaded a\.txt to https:\/\/\S+\/outputs\/told\/a\.txt\n$/);
  expect(err).toMatch(/^\S+Z Failed to upload a\.txt: .*404.*\n$/);
  expect(out + err).not.toContain("sig=");
});

test("a failing task uploads what is for failures, and keeps its exit code", async () => {
  const { executionInfo } = await run("t2", "echo bad; exit 3", {
    outputFiles: [
      output("../stdout.txt", "taskfailure", { path: "t2/failed" }),
      output("../stdout.txt", "tasksuccess", { path: "t2/succeeded" }),
    ],
  });
  expect(executionInfo).toMatchObject({ exitCode: 3, failureInfo: { code: "FailureExitCode" } });
  expect(await contentOf("t2/failed")).toBe("bad\n");
  expect(await contentOf("t2/succeeded")).toBe(404);
});

test.each([
  ["no container", () => containers.url("nowhere"), "FileUploadContainerNotFound"],
  ["no right to write", () => containers.url("outputs", "rl"), "FileUploadAccessDenied"],
  ["the service's own port", () => `${service.ready.batch}/jobs`, "FileUploadMiscError"],
])("%s: the task has failed, whatever its exit code", async (id, url, code) => {
  const { executionInfo } = await run(id.replaceAll(/\W/g, "-"), "true", {
    outputFiles: [output("../stdout.txt", "taskcompletion", { containerUrl: url() })],
  });
  expect(executionInfo).toMatchObject({ exitCode: 0, result: "failure", failureInfo: { code } });
  expect(executionInfo.failureInfo.message).not.toContain("sig=");
});

test("neither a link nor a pattern makes the agent send another's file", async () => {
  const { executionInfo } = await run(
    "t4",
    "ln -s /etc/passwd leak; ln -s /etc dir; ln -s /etc/passwd wild.txt; mkfifo pipe",
    {
      outputFiles: ["leak", "dir/passwd", "dir/*", "**/*.txt", "pipe"].map((pattern, at) =>
        output(pattern, "taskcompletion", { path: `t4/${at}` }),
      ),
    },
  );
  expect(executionInfo).toMatchObject({ result: "success" });
  const list = await blob("GET", "/outputs?restype=container&comp=list&prefix=t4");
  expect(list.body.toString()).not.toContain("<Blob>");
  const outside = await run("t5", "true", {
    outputFiles: [output("../../../../../../../../../etc/pass*", "taskcompletion")],
  });
  expect(outside.executionInfo).toMatchObject({ failureInfo: { code: "FileUploadMiscError" } });
  const own = await batch.send("POST", "/jobs/j/tasks", {
    body: taskBody("t6", "true", {
      outputFiles: [
        output("a", "taskcompletion", { uploadHeaders: [{ name: "Authorization", value: "x" }] }),
      ],
    }),
  });
  expect([own.status, own.json.code]).toEqual([400, "InvalidPropertyValue"]);
});

test("containers come in by signature and by auto-storage", async () => {
  const names = ["a b/ü & +.txt", "a b/c.txt", "z.txt"];
  const contents = names.map(() => randomBytes(10_000));
  for (const [at, name] of names.entries()) {
    const path = name.split("/").map(encodeURIComponent).join("/");
    expect((await blob("PUT", `/inputs/${path}`, contents[at])).status).toBe(201);
  }
  const { executionInfo } = await run("t7", "sha256sum auto/a*/* auto/z.txt signed/a*/*; ls signed", {
    resourceFiles: [
      { autoStorageContainerName: "inputs", filePath: "auto" },
      { storageContainerUrl: containers.url("inputs"), blobPrefix: "a b/", filePath: "signed" },
    ],
  });
  expect(executionInfo).toMatchObject({ exitCode: 0 });
  const sums = (await batch.send("GET", "/jobs/j/tasks/t7/files/stdout.txt")).text;
  const [umlaut, c, z] = contents.map((content) => createHash("sha256").update(content).digest("hex"));
  expect(sums.match(/[0-9a-f]{64}/g)?.sort()).toEqual([umlaut, umlaut, c, c, z].sort());
  expect(sums).toMatch(/\na b\n$/);
  const missing = await run("t8", "true", { resourceFiles: [{ autoStorageContainerName: "nothing" }] });
  expect(missing.executionInfo).toMatchObject({ failureInfo: { code: "ResourceContainerNotFound" } });
});

test("a pool without public addresses has its files come from and go to the service all the same", async () => {
  const networkConfiguration = { publicIPAddressConfiguration: { provision: "NoPublicIPAddresses" } };
  await batch.post("/pools", poolBody("offline", { networkConfiguration }));
  await batch.post("/jobs", jobBody("offline", "offline"));
  expect((await blob("PUT", "/offline/in.txt", Buffer.from("hello"))).status).toBe(201);
  const body = taskBody("t", "tr a-z A-Z <in.txt >out.txt", {
    resourceFiles: [{ storageContainerUrl: containers.url("offline") }],
    outputFiles: [output("out.txt", "taskcompletion", { containerUrl: containers.url("offline") })],
  });
  await batch.post("/jobs/offline/tasks", body);
  const done = await batch.until("/jobs/offline/tasks/t", ({ state }) => state === "completed");
  expect(done.executionInfo).toMatchObject({ exitCode: 0, result: "success" });
  expect((await blob("GET", "/offline/out.txt")).body.toString()).toBe("HELLO");
});
