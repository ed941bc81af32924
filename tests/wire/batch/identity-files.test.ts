/** Resource files and output files as one of the pool's identities: who gets them, who does not, and where no token ever goes. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { zip } from "../../../src/agent/packages/zip.fixture.ts";
import { uploadPackage } from "../arm/application-packages.fixture.ts";
import { jobBody, taskBody } from "../batch-bodies.fixture.ts";
import { BatchClient, type Json } from "../batch-client.fixture.ts";
import {
  ACCOUNT_ID,
  asIdentity,
  IdentityStorage,
  identityId,
  identityStorageSeed,
} from "../blob/identity-storage.fixture.ts";
import { STORAGE_ACCOUNT, STORAGE_GROUP, STORAGE_SUBSCRIPTION } from "../blob/storage.fixture.ts";
import { eventually } from "../eventually.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";
import { FileOrigin } from "./file-origin.fixture.ts";

const AZURE = `https://${STORAGE_ACCOUNT}.blob.core.windows.net`;

let origin: FileOrigin;
let service: RunningService;
let storage: IdentityStorage;
let batch: BatchClient;
/** How far the service's clock is ahead of the machine's, which the agent goes by. Milliseconds. */
let ahead = 0;

beforeAll(async () => {
  origin = await FileOrigin.listen();
  service = await runningService({
    seed: identityStorageSeed,
    trustedOrigins: [origin.origin],
    clock: () => Date.now() + ahead,
  });
  storage = await IdentityStorage.prepare(service);
  batch = await BatchClient.connect(service);
  await storage.put("inputs/one.txt", "one");
  await storage.put("inputs/set/two.txt", "two");
  await storage.put("inputs/set/deep/three & more.txt", "three");
  const startTask = {
    commandLine: "/bin/sh -c 'cat started.txt'",
    resourceFiles: [{ httpUrl: `${AZURE}/inputs/one.txt`, filePath: "started.txt", ...asIdentity("reader") }],
    waitForSuccess: true,
  };
  await storage.addPool("p", ["writer", "reader", "nothing"], { startTask });
  await storage.addPool("bare", []);
  for (const pool of ["p", "bare"]) await batch.post("/jobs", jobBody(pool, pool));
});
afterAll(async () => {
  batch?.close();
  storage?.close();
  await service?.close();
  origin?.close();
});

const one = (identity: string, url = `${AZURE}/inputs/one.txt`) => ({
  httpUrl: url,
  filePath: "one.txt",
  ...asIdentity(identity),
});
const set = (identity: string) => ({
  storageContainerUrl: `${AZURE}/inputs`,
  blobPrefix: "set/",
  filePath: "into",
  ...asIdentity(identity),
});
const output = (filePattern: string, identity: string, path: string, containerUrl = `${AZURE}/outputs`) => ({
  filePattern,
  destination: { container: { containerUrl, path, ...asIdentity(identity) } },
  uploadOptions: { uploadCondition: "taskcompletion" },
});

async function run(job: string, id: string, script: string, change: object): Promise<Json> {
  await batch.post(`/jobs/${job}/tasks`, taskBody(id, script, change));
  return batch.until(`/jobs/${job}/tasks/${id}`, ({ state }) => state === "completed");
}
const stdout = async (job: string, id: string) =>
  (await batch.send("GET", `/jobs/${job}/tasks/${id}/files/stdout.txt`)).text;

test("a task finds its files and leaves others, by Azure's name and by this machine's", async () => {
  const change = {
    resourceFiles: [
      one("reader"),
      set("writer"),
      { ...one("reader", `${service.ready.blob}/inputs/one.txt`), filePath: "o" },
    ],
    outputFiles: [
      output("made/*.txt", "writer", "t1"),
      output("../stdout.txt", "writer", "t1.log", `${service.ready.blob}/outputs`),
      output("big", "writer", "t1.big"),
    ],
  };
  const script =
    "cat one.txt o into/set/two.txt; cat into/set/deep/three*; mkdir made; echo a >made/a.txt; head -c 20000000 /dev/zero >big";
  const { executionInfo, resourceFiles } = await run("p", "t1", script, change);
  expect(executionInfo).toMatchObject({ result: "success", exitCode: 0 });
  expect(await stdout("p", "t1")).toBe("oneonetwothree");
  expect(await storage.content("outputs/t1/a.txt")).toBe("a\n");
  expect(await storage.content("outputs/t1.log")).toBe("oneonetwothree");
  expect((await storage.send("HEAD", "outputs/t1.big")).headers["content-length"]).toBe("20000000");
  expect(resourceFiles[0]).toEqual(one("reader"));
});

test("start task, manager, preparation and release have theirs", async () => {
  const [node] = (await batch.get("/pools/p/nodes")).value;
  expect((await batch.send("GET", `/pools/p/nodes/${node.id}/files/startup/stdout.txt`)).text).toBe("one");
  const hook = (id: string) => ({ id, commandLine: "/bin/cat one.txt", resourceFiles: [one("reader")] });
  await batch.post(
    "/jobs",
    jobBody("hooks", "p", {
      jobManagerTask: { ...hook("manager"), outputFiles: [output("../stdout.txt", "writer", "manager.log")] },
      jobPreparationTask: hook("before"),
      jobReleaseTask: hook("after"),
    }),
  );
  await batch.until("/jobs/hooks", ({ state }) => state === "completed");
  const [hooks] = (await batch.get("/jobs/hooks/jobpreparationandreleasetaskstatus")).value;
  expect(hooks.jobPreparationTaskExecutionInfo).toMatchObject({ result: "success" });
  expect(hooks.jobReleaseTaskExecutionInfo).toMatchObject({ result: "success" });
  expect(await storage.content("outputs/manager.log")).toBe("one");
});

describe("a task fails", () => {
  const resource = (...resourceFiles: object[]) => ({ resourceFiles });
  const out = (identity: string) => ({ outputFiles: [output("../stdout.txt", identity, "denied")] });
  const MISMATCH = "AuthorizationPermissionMismatch";
  test.each([
    ["p", "a blob without a role", resource(one("nothing")), "BlobAccessDenied", MISMATCH],
    ["p", "a container without a role", resource(set("nothing")), "ResourceContainerAccessDenied", MISMATCH],
    ["p", "an output with a reader's role", out("reader"), "FileUploadAccessDenied", MISMATCH],
    [
      "p",
      "a blob as another pool's identity",
      resource(one("absent")),
      "BlobDownloadMiscError",
      "Identity not found",
    ],
    [
      "p",
      "a container as another's",
      resource(set("absent")),
      "ResourceContainerListMiscError",
      "Identity not found",
    ],
    ["p", "an output as another's", out("absent"), "FileUploadMiscError", "Identity not found"],
    [
      "bare",
      "a pool without identities",
      resource(one("reader")),
      "BlobDownloadMiscError",
      "Identity not found",
    ],
    [
      "p",
      "nobody",
      resource({ httpUrl: `${AZURE}/inputs/one.txt`, filePath: "a" }),
      "BlobAccessDenied",
      "NoAuthenticationInformation",
    ],
    [
      "p",
      "a blob that is not there",
      resource(one("reader", `${AZURE}/inputs/none`)),
      "BlobNotFound",
      "BlobNotFound",
    ],
  ])("%s: %s", async (job, title, change, code, said) => {
    const id = title.replaceAll(/\W/g, "-");
    const { executionInfo } = await run(job, id, "true", change);
    // What the storage refuses the service is not the task's owner's fault.
    const category = code === "BlobDownloadMiscError" ? "ServerError" : "UserError";
    expect(executionInfo).toMatchObject({ result: "failure", failureInfo: { category, code } });
    expect(executionInfo.failureInfo.message).toContain(said);
    expect(executionInfo.failureInfo.message).not.toContain("eyJ");
  });
});

test("the request that was denied can be explained", async () => {
  const { executionInfo } = await run("p", "explained", "true", { resourceFiles: [one("nothing")] });
  const [, id = ""] = /RequestId:(\S+)/.exec(executionInfo.failureInfo.message) ?? [];
  const file = join(service.folder, "audit", "audit.jsonl");
  const line = await eventually("the audit log", () =>
    readFileSync(file, "utf8")
      .split("\n")
      .find((text) => id !== "" && text.includes(id)),
  );
  expect(JSON.parse(line)).toMatchObject({ plane: "blob", decision: "denied" });
});

test("a token goes to this service's Blob endpoint and nowhere else", async () => {
  const urls = [
    `${origin.origin}/hello`,
    `http://${STORAGE_ACCOUNT}.blob.core.windows.net/inputs/one.txt`,
    "https://elsewhere.blob.core.windows.net/inputs/one.txt",
    `${service.ready.batch}/inputs/one.txt`,
    `${AZURE}:8443/inputs/one.txt`,
    `https://${STORAGE_ACCOUNT}.blob.core.windows.net.example/inputs/one.txt`,
  ];
  const ends = await Promise.all(
    urls.map((url, at) => run("p", `elsewhere-${at}`, "true", { resourceFiles: [one("reader", url)] })),
  );
  for (const { executionInfo } of ends) {
    expect(executionInfo.failureInfo.code).toBe("BlobDownloadMiscError");
    expect(executionInfo.failureInfo.message).toContain(
      "An identity is shown to this service's own Blob endpoint",
    );
  }
  expect(origin.requests).toEqual([]);
});

test("no token is found in a task's environment, in the node's folder, in the agent's, in a log", async () => {
  const script = "env; cat /proc/$PPID/environ /proc/$PPID/cmdline; true";
  await run("p", "looks", script, {
    resourceFiles: [one("reader")],
    outputFiles: [output("../stdout.txt", "writer", "looks")],
  });
  expect(await stdout("p", "looks")).not.toContain("eyJ");
  const found = execFileSync("sh", [
    "-c",
    'grep -rlaE "eyJ[A-Za-z0-9_-]{20,}[.]eyJ" "$1" || true',
    "sh",
    service.folder,
  ]);
  expect(found.toString()).toBe("");
  expect(service.log.join("\n")).not.toContain("eyJ");
});

test("a storage account that is newer than the agent's connection is reached by name", async () => {
  const account = `/subscriptions/${STORAGE_SUBSCRIPTION}/resourceGroups/${STORAGE_GROUP}/providers/Microsoft.Storage/storageAccounts/newer`;
  const body = { location: "westeurope", sku: { name: "Standard_LRS" }, kind: "StorageV2" };
  expect((await storage.arm.send("PUT", account, { version: "2023-01-01", body })).status).toBeLessThan(300);
  const { executionInfo } = await run("p", "newer", "true", {
    resourceFiles: [one("writer", "https://newer.blob.core.windows.net/inputs/one.txt")],
  });
  expect(executionInfo.failureInfo.message).toContain("AuthorizationPermissionMismatch");
});

test("a reference that names no identity is refused, by its name", async () => {
  const container = { containerUrl: `${AZURE}/outputs` };
  const reference = (resourceId?: string) => ({
    identityReference: { ...(resourceId !== undefined && { resourceId }) },
  });
  const cases: [object, string, string][] = [
    [
      { resourceFiles: [{ ...one("x"), ...reference("reader") }] },
      "InvalidPropertyValue",
      "resourceFiles[0].identityReference.resourceId",
    ],
    [
      { resourceFiles: [{ ...one("x"), ...reference() }] },
      "MissingRequiredProperty",
      "resourceFiles[0].identityReference.resourceId",
    ],
    [
      { resourceFiles: [{ autoStorageContainerName: "inputs", ...asIdentity("reader") }] },
      "InvalidPropertyValue",
      "resourceFiles[0].identityReference",
    ],
    [
      {
        outputFiles: [
          {
            ...output("a", "x", "a"),
            destination: { container: { ...container, ...reference(ACCOUNT_ID) } },
          },
        ],
      },
      "InvalidPropertyValue",
      "outputFiles[0].destination.container.identityReference.resourceId",
    ],
  ];
  for (const [change, code, path] of cases) {
    const { status, json } = await batch.send("POST", "/jobs/p/tasks", {
      body: taskBody("bad", "true", change),
    });
    expect([status, json.code], path).toEqual([400, code]);
    expect(json.values).toContainEqual({ key: "PropertyPath", value: path });
  }
  expect((await batch.send("GET", "/jobs/p/tasks/bad")).status).toBe(404);
});

describe("auto-storage by the nodes' identity", () => {
  const byIdentity = (name?: string) => ({
    authenticationMode: "BatchAccountManagedIdentity",
    ...(name !== undefined && { nodeIdentityReference: { resourceId: identityId(name) } }),
  });
  const resourceFiles = [{ autoStorageContainerName: "inputs", blobPrefix: "set/two" }];
  afterAll(() => storage.setAutoStorage({ authenticationMode: "StorageKeys" }));

  test("by its keys they need none", async () => {
    const { executionInfo } = await run("bare", "by-key", "cat set/two.txt", { resourceFiles });
    expect(executionInfo).toMatchObject({ exitCode: 0 });
  });

  test.each([
    ["the pool has it, and it may read", "reader", undefined],
    ["it may not read", "nothing", "ResourceContainerAccessDenied"],
    ["the account names none", undefined, "ResourceContainerAccessDenied"],
    ["the pool has not got it", "absent", "ResourceContainerListMiscError"],
  ])("%s", async (title, identity, code) => {
    await storage.setAutoStorage(byIdentity(identity));
    const id = title.replaceAll(/\W/g, "-");
    const { executionInfo } = await run("p", id, "cat set/two.txt", { resourceFiles });
    expect(executionInfo.failureInfo?.code).toBe(code);
    if (code === undefined) expect(await stdout("p", id)).toBe("two");
  });

  test("packages come as the nodes' identity, too", async () => {
    await uploadPackage(
      { arm: storage.arm, service },
      "tool",
      "1.0",
      zip([{ name: "tool.txt", content: "tool" }]),
    );
    const change = { applicationPackageReferences: [{ applicationId: "tool", version: "1.0" }] };
    const script = "cat $AZ_BATCH_APP_PACKAGE_tool_1_0/tool.txt";
    for (const [identity, said] of [
      ["nothing", "AuthorizationPermissionMismatch"],
      ["absent", "Identity not found"],
    ] as const) {
      await storage.setAutoStorage(byIdentity(identity));
      const { failureInfo } = (await run("p", `package-${identity}`, script, change)).executionInfo;
      expect(failureInfo.code).toBe("ApplicationPackageError");
      expect(JSON.stringify(failureInfo.details)).toContain(said);
    }
    await storage.setAutoStorage(byIdentity("writer"));
    expect((await run("p", "package", script, change)).executionInfo).toMatchObject({ exitCode: 0 });
    expect(await stdout("p", "package")).toBe("tool");
  });

  test("a reference of the account's that is no identity's id is refused", async () => {
    const autoStorage = { storageAccountId: identityId("reader"), ...byIdentity("reader") };
    const refused = await storage.arm.send("PATCH", ACCOUNT_ID, {
      version: "2024-07-01",
      body: {
        properties: { autoStorage: { ...autoStorage, nodeIdentityReference: { resourceId: ACCOUNT_ID } } },
      },
    });
    expect(refused.json.error.code).toBe("LinkedInvalidPropertyId");
  });
});

test("a token that has ended by the service's clock is replaced", async () => {
  await run("p", "now", "true", { resourceFiles: [one("reader")] });
  ahead = 25 * 3_600_000;
  batch.close();
  batch = await BatchClient.connect(service);
  const { executionInfo } = await run("p", "tomorrow", "cat one.txt", { resourceFiles: [one("reader")] });
  expect(executionInfo).toMatchObject({ exitCode: 0 });
});
