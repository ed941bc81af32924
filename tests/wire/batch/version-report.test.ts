/**
 * What the report says of programs: each line right, nothing missed, nothing made up. The programs of real clients are told of in
 * `report-programs.test.ts`, `python-clients.test.ts`, `first-program.test.ts` and `cli-run.test.ts`; here are those that no client of today sends.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Finding, VersionReport } from "../../../src/wire/versions/versions-api.ts";
import { jobBody, poolBody, taskBody } from "../batch-bodies.fixture.ts";
import { BatchClient, type BatchRequest } from "../batch-client.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";
import { CER, THUMBPRINT } from "./certificate.fixture.ts";
import { management, recordVersions, versionsApi } from "./version-recording.fixture.ts";

let service: RunningService;
let batch: BatchClient;

beforeAll(async () => {
  service = await runningService();
  batch = await BatchClient.connect(service);
});
afterAll(async () => {
  batch?.close();
  await service?.close();
});

/** Sends as one client does. */
const client =
  (version: string, userAgent: string) =>
  async (method: string, path: string, body?: object | string): Promise<void> => {
    const request: BatchRequest = { version, headers: { "user-agent": userAgent }, ...(body && { body }) };
    await batch.must(method, path, request);
  };

const told = ({ fate, kind, name, operation, path, count }: Finding) =>
  [fate, kind, kind === "property" || kind === "shown" ? path : name, operation, count].join(" ");
const changes = ({ findings }: VersionReport) =>
  findings
    .filter(({ fate }) => fate !== "unchanged")
    .map(told)
    .sort();
const same = ({ findings }: VersionReport) =>
  findings
    .filter(({ fate }) => fate === "unchanged")
    .map(told)
    .sort();

describe("a job manager of 2019", () => {
  const PYTHON = "python/3.8.2 (Linux) msrest/0.6.10 azure-batch/8.0.0 Azure-SDK-For-Python";
  const send = client("2019-08-01.10.0", PYTHON);

  test("with certificates, a pool of cloud services and a task's token is told what ends", async () => {
    const recording = await recordVersions(service, batch, { client: "AZURE-BATCH/8" });
    await send("POST", "/certificates", {
      thumbprint: THUMBPRINT,
      thumbprintAlgorithm: "sha1",
      data: CER,
      certificateFormat: "cer",
    });
    await send("POST", "/pools", {
      id: "cloud",
      vmSize: "small",
      cloudServiceConfiguration: { osFamily: "6" },
      maxTasksPerNode: 2,
      certificateReferences: [
        { thumbprint: THUMBPRINT, thumbprintAlgorithm: "sha1", storeLocation: "currentuser" },
      ],
    });
    await send(
      "POST",
      "/jobs",
      jobBody("managed", "cloud", {
        jobManagerTask: { id: "manager", commandLine: "x", authenticationTokenSettings: { access: ["job"] } },
      }),
    );
    await send("POST", "/jobs/managed/tasks", taskBody("one", "true"));
    await send("GET", "/jobs/managed/taskcounts");
    await batch.must("GET", "/pools/cloud", { headers: { "user-agent": "somebody else" } });
    const report = await recording.stop();
    expect(changes(report)).toEqual([
      "changed operation Job_GetTaskCounts Job_GetTaskCounts 1",
      "gone operation Certificate_Add Certificate_Add 1",
      "gone property certificateReferences Pool_Add 1",
      "gone property cloudServiceConfiguration Pool_Add 1",
      "gone property jobManagerTask.authenticationTokenSettings Job_Add 1",
      "renamed api-version 2019-08-01.10.0  5",
      "renamed property maxTasksPerNode Pool_Add 1",
    ]);
    expect(same(report)).toEqual([
      "unchanged operation Job_Add Job_Add 1",
      "unchanged operation Pool_Add Pool_Add 1",
      "unchanged operation Task_Add Task_Add 1",
      "unchanged property commandLine Task_Add 1",
      "unchanged property id Job_Add 1",
      "unchanged property id Pool_Add 1",
      "unchanged property id Task_Add 1",
      "unchanged property jobManagerTask Job_Add 1",
      "unchanged property jobManagerTask.commandLine Job_Add 1",
      "unchanged property jobManagerTask.id Job_Add 1",
      "unchanged property poolInfo Job_Add 1",
      "unchanged property poolInfo.poolId Job_Add 1",
      "unchanged property vmSize Pool_Add 1",
    ]);
    expect(report).toMatchObject({ things: 7, isReady: false, inReplies: [], dated: [] });
    expect(report.clients).toEqual([
      {
        name: "Python azure-batch 8.0.0",
        userAgent: PYTHON,
        language: "Python",
        apiVersion: "2019-08-01.10.0",
        requests: 5,
      },
    ]);
    const added = report.operations.find(({ operation }) => operation === "Job_Add");
    expect(added?.methods).toMatchObject({
      Python: { once: "job.add", now: "create_job" },
      JavaScript: { once: "job.add", now: "createJob" },
      ".NET": { once: "CloudJob.Commit", now: "CreateJob" },
      Java: { once: "jobOperations().createJob", now: "createJob" },
      Go: { once: "JobClient.Add", now: "CreateJob" },
    });
    expect(report.findings.every(({ fate, instead }) => fate === "unchanged" || instead !== undefined)).toBe(
      true,
    );
  });
});

describe("a trace in the manner of .NET", () => {
  const DOTNET = "Microsoft.Azure.Batch.Protocol.BatchServiceClient/16.3.1 FxVersion/8.0 OSName/Linux";
  const send = client("2024-07-01.20.0", DOTNET);

  const run = async () => {
    const recording = await recordVersions(service, batch);
    const disks = { dataDisks: [{ lun: 0, diskSizeGB: 8, storageAccountType: "standard_lrs" }] };
    const { virtualMachineConfiguration, ...rest } = poolBody("net", { targetDedicatedNodes: 0 });
    await send("POST", "/pools", {
      ...rest,
      targetLowPriorityNodes: 0,
      virtualMachineConfiguration: { ...virtualMachineConfiguration, ...disks },
    });
    await send("PATCH", "/pools/net", { targetNodeCommunicationMode: "simplified", metadata: [] });
    await send("GET", "/pools/net?$select=id,currentNodeCommunicationMode,state");
    await send("GET", "/pools/net");
    await send("POST", "/pools/net/resize", {
      targetDedicatedNodes: 0,
      nodeDeallocationOption: "RetainedData",
    });
    await send("DELETE", "/pools/net");
    return recording;
  };

  test("is told what 2026-10-01 does not have either", async () => {
    const report = await (await run()).stop("2026-10-01");
    expect(changes(report)).toContain("gone value ComputeNodeDeallocationOption.retaineddata Pool_Resize 1");
    expect(report.things).toBe(5);
  });
});

describe("requests by hand", () => {
  test("of the version to go to are ready; values that end on a date of their own are told apart", async () => {
    const recording = await recordVersions(service, batch);
    const send = client("2025-06-01", "curl/8.5.0");
    await send("POST", "/pools", {
      ...poolBody("hand", { targetDedicatedNodes: 0, vmSize: "Standard_D2_v2" }),
      taskSchedulingPolicy: { nodeFillType: "pack", jobDefaultOrder: "creationtime" },
    });
    const report = await recording.stop();
    expect(report).toMatchObject({ things: 0, isReady: true, inReplies: [] });
    expect(report.dated.map(({ name, path, retired }) => [name, path, retired])).toEqual([
      ["vmSize", "vmSize", "2028-05-01: the size ends"],
    ]);
    expect(same(report)).toContain("unchanged value BatchJobDefaultOrder.creationtime Pool_Add 1");
  });

  test("that were refused for lack of a permission, or came after the end, are not told", async () => {
    const recording = await recordVersions(service, batch);
    const stranger = batch.as("no token");
    expect((await stranger.send("GET", "/pools")).status).toBe(401);
    const report = await recording.stop();
    expect(report.clients).toEqual([]);
    await batch.get("/pools");
    expect((await versionsApi(service, batch, "GET", `recordings/${recording.id}`)).status).toBe(404);
  });
});

describe("the log", () => {
  const AZ = "AZURECLI/2.45.0 (DEB) azsdk-python-mgmt-batch/9.0.0";
  const logged = async (query: string) => {
    const scope = encodeURIComponent(`/subscriptions/${service.ready.subscriptionId}`);
    const { status, json } = await versionsApi(service, batch, "GET", `reports?scope=${scope}${query}`);
    expect(status, JSON.stringify(json)).toBe(200);
    return json as VersionReport;
  };

  test("tells of the past by client and by span: what changed something, in both planes", async () => {
    const start = Date.now();
    const send = client("2018-12-01.8.0", "past/1.0 azure-batch/6.0.0");
    await send("POST", "/jobs", jobBody("past", "absent-pool-of-the-past"));
    await send("DELETE", "/jobs/past");
    await send("GET", "/jobs");
    const { subscriptionId, resourceGroup, account } = service.ready;
    const own = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Batch/batchAccounts/${account}`;
    const headers = { "user-agent": AZ };
    const recording = await recordVersions(service, batch, { client: "AZURECLI" });
    await management(service, batch, "PUT", `${own}/applications/past?api-version=2020-05-01`, {}, headers);
    const named = `${own}/certificates/sha1-${THUMBPRINT}?api-version=2020-05-01`;
    const properties = { thumbprintAlgorithm: "sha1", thumbprint: THUMBPRINT, data: CER, format: "Cer" };
    await management(service, batch, "PUT", named, { properties }, headers);
    await management(service, batch, "GET", named, undefined, headers);

    const mine = await logged("&client=past/1.0");
    expect(mine.findings.map(told)).toEqual([
      "renamed api-version 2018-12-01.8.0  2",
      "unchanged operation Job_Add Job_Add 1",
      "unchanged operation Job_Delete Job_Delete 1",
    ]);
    expect(mine).toMatchObject({ isOfLog: true, things: 1, management: [] });
    const managed = ({ management }: VersionReport) =>
      management.map(({ fate, operation, apiVersion, count }) =>
        [fate, operation, apiVersion, count].join(" "),
      );
    const writes = [
      "gone Microsoft.Batch/Certificate_Create 2020-05-01 1",
      "unchanged Microsoft.Batch/Application_Create 2020-05-01 1",
    ];
    const az = await logged("&client=azurecli");
    expect(managed(az)).toEqual(writes);
    expect(az).toMatchObject({ clients: [], things: 1 });
    // A recording hears reads, too.
    expect(managed(await recording.stop())).toEqual([
      ...writes.slice(0, 1),
      "gone Microsoft.Batch/Certificate_Get 2020-05-01 1",
      ...writes.slice(1),
    ]);
    const before = await logged(`&client=past/1.0&until=${new Date(start - 1).toISOString()}`);
    expect(before.clients).toEqual([]);
    const { clientId } = service.ready;
    expect((await logged(`&client=past/1.0&principal=${clientId}`)).findings).toEqual(mine.findings);
  });

  test("tells what bodies to Resource Manager held, and what its replies showed, that ends", async () => {
    const { subscriptionId, resourceGroup, account } = service.ready;
    const own = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Batch/batchAccounts/${account}`;
    const ask = (method: string, path: string, body?: object) =>
      management(service, batch, method, `${own}/pools/managed${path}`, body, { "user-agent": AZ });
    const recording = await recordVersions(service, batch, { client: "AZURECLI" });
    const machine = {
      imageReference: { publisher: "canonical", offer: "0001-com-ubuntu-server-jammy", sku: "22_04-lts" },
      nodeAgentSkuId: "batch.node.ubuntu 22.04",
      dataDisks: [{ lun: 0, diskSizeGB: 8, storageAccountType: "Standard_LRS" }],
    };
    const properties = {
      vmSize: "STANDARD_D2S_V3",
      deploymentConfiguration: { virtualMachineConfiguration: machine },
      targetNodeCommunicationMode: "Simplified",
      scaleSettings: { fixedScale: { targetDedicatedNodes: 0, nodeDeallocationOption: "RetainedData" } },
    };
    await ask("PUT", "?api-version=2024-07-01", { properties });
    await ask("GET", "?api-version=2024-07-01");
    await ask("GET", "?api-version=2025-06-01");
    const told = ({ management }: VersionReport) =>
      management.flatMap(({ operation, apiVersion, findings }) => [
        `${operation} ${apiVersion}`,
        ...findings.map(({ kind, fate, path, word = "", since = "", count }) =>
          [fate, kind, word, path.replace(/.*\./, ""), since, count].filter((part) => part !== "").join(" "),
        ),
      ]);
    const shown = [
      "gone shown currentNodeCommunicationMode 2025-06-01 1",
      "gone shown targetNodeCommunicationMode 2025-06-01 1",
      "renamed shown storageAccountType 2025-06-01 1",
    ];
    const sent = [
      "gone property targetNodeCommunicationMode 2025-06-01 1",
      "renamed property storageAccountType 2025-06-01 1",
    ];
    const dated = "changed dated nodeAgentSkuId 1";
    const create = "Microsoft.Batch/Pool_Create 2024-07-01";
    const gets = ["Microsoft.Batch/Pool_Get 2024-07-01", ...shown, "Microsoft.Batch/Pool_Get 2025-06-01"];
    const [until, further] = [recording.id, "2026-10-01"];
    const ahead = await versionsApi(service, batch, "GET", `recordings/${until}?to=${further}`);
    const report = await recording.stop();
    const both = [...shown, ...sent].sort((a, b) => (a.slice(0, 5) + a).localeCompare(b.slice(0, 5) + b));
    expect(new Set(told(report))).toEqual(new Set([create, ...both, dated, ...gets]));
    expect(report).toMatchObject({ things: 2, isReady: false, clients: [] });
    expect(told(ahead.json.report)).toContain("gone value retaineddata nodeDeallocationOption 2026-10-01 1");
    expect(ahead.json.report.things).toBe(3);
    await ask("DELETE", "?api-version=2025-06-01");
  });

  test.each([
    ["", 400],
    ["?scope=nowhere", 400],
    ["?scope=/subscriptions/x", 403],
    ["?scope=/subscriptions/x&since=yesterday", 400],
    ["?scope=/subscriptions/x&to=2025-06-02", 400],
  ])("asked as reports%s is refused with %i", async (query, status) => {
    expect((await versionsApi(service, batch, "GET", `reports${query}`)).status).toBe(status);
  });
});

describe("recordings", () => {
  test.each([
    ["POST", "recordings?to=2025-06-02", { scope: "/", seconds: 1 }, 400],
    ["POST", "recordings", { scope: "nowhere", seconds: 1 }, 403],
    ["POST", "recordings", { scope: "/subscriptions/x", seconds: "1" }, 400],
    ["POST", "recordings", { scope: "/subscriptions/x", seconds: 1 }, 403],
    ["GET", "recordings/none", undefined, 404],
    ["PUT", "recordings", {}, 404],
  ])("%s %s with %j is refused", async (method, path, body, status) => {
    expect((await versionsApi(service, batch, method, path, body)).status).toBe(status);
  });
});
