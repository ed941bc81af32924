/** The file systems that pools mount, as requests have them: kept and shown without their secrets, on both planes; refused by name. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ArmClient } from "../arm-client.fixture.ts";
import { jobBody, poolBody } from "../batch-bodies.fixture.ts";
import { BatchClient, type Json } from "../batch-client.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const [OLDER, NEWER] = ["2022-10-01", "2024-07-01"] as const;
const SECRETS = ["first-secret-key", "second-secret-key", "third-secret-word", "sv=1&sig=fourth-secret"];
const blob = { accountName: "elsewhere", containerName: "data", relativeMountPath: "b" };
const share = {
  accountName: "elsewhere",
  azureFileUrl: "https://elsewhere.file.core.windows.net/s",
  relativeMountPath: "S",
};
const cifs = { username: "user", source: "//server.example/s", relativeMountPath: "c" };
const nfs = { nfsMountConfiguration: { source: "server.example:/x", relativeMountPath: "n" } };
const signed = { ...blob, relativeMountPath: "signed" };
const mounts = (isShown: boolean): Json[] => [
  { azureBlobFileSystemConfiguration: { ...blob, ...(!isShown && { accountKey: SECRETS[0] }) } },
  { azureFileShareConfiguration: { ...share, ...(!isShown && { accountKey: SECRETS[1] }) } },
  { cifsMountConfiguration: { ...cifs, ...(!isShown && { password: SECRETS[2] }) } },
  { azureBlobFileSystemConfiguration: { ...signed, ...(!isShown && { sasKey: SECRETS[3] }) } },
  nfs,
];
const empty = (id: string, change: object = {}) => poolBody(id, { targetDedicatedNodes: 0, ...change });

let service: RunningService;
let batch: BatchClient;
let arm: ArmClient;
let account: string;
beforeAll(async () => {
  // Not on process nodes, on which nothing is mounted.
  service = await runningService({ isolation: "namespace" });
  const { clientId, clientSecret, subscriptionId, resourceGroup } = service.ready;
  batch = await BatchClient.connect(service);
  arm = await ArmClient.signIn(service, { clientId: clientId ?? "", clientSecret: clientSecret ?? "" });
  account = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Batch/batchAccounts/${service.ready.account}`;
});
afterAll(async () => {
  batch?.close();
  await service?.close();
});

const stored = () =>
  ["state.db", "state.db-wal"].map((name) => readFileSync(join(service.folder, name), "latin1")).join("");

test("the data plane keeps mounts, shows them without their secrets, and takes others from a patch", async () => {
  await batch.post("/pools", empty("p", { mountConfiguration: mounts(false) }));
  expect((await batch.get("/pools/p")).mountConfiguration).toEqual(mounts(true));
  const { text } = await batch.send("GET", "/pools");
  for (const secret of SECRETS) {
    expect(text).not.toContain(secret);
    expect(stored()).not.toContain(secret);
  }
  expect(text).not.toContain("sealed");
  const version = "2024-07-01.20.0";
  await batch.must("PATCH", "/pools/p", { version, body: { mountConfiguration: [nfs] } });
  expect((await batch.get("/pools/p")).mountConfiguration).toEqual([nfs]);
});

test("a job's own pool has its mounts, and shows no secret either", async () => {
  const { id: _id, ...pool } = empty("x", { mountConfiguration: mounts(false) });
  const autoPoolSpecification = { poolLifetimeOption: "job", pool };
  await batch.post("/jobs", jobBody("own", "", { poolInfo: { autoPoolSpecification } }));
  const { poolInfo } = await batch.get("/jobs/own");
  expect(poolInfo.autoPoolSpecification.pool.mountConfiguration).toEqual(mounts(true));
  const own = (await batch.get("/pools")).value.find((one: Json) => one.id !== "p");
  expect(own.mountConfiguration).toEqual(mounts(true));
});

test("Resource Manager has them under its own names; the same request again is taken, another where the version can change them", async () => {
  const put = (version: string, change: object = {}) =>
    arm.send("PUT", `${account}/pools/managed`, {
      version,
      body: {
        properties: {
          vmSize: "STANDARD_D2S_V3",
          deploymentConfiguration: {
            virtualMachineConfiguration: {
              imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
              nodeAgentSkuId: "batch.node.debian 12",
            },
          },
          mountConfiguration: [{ cifsMountConfiguration: { ...named, password: SECRETS[2] } }],
          ...change,
        },
      },
    });
  const { username, ...others } = cifs;
  const named = { ...others, userName: username };
  const made = await put(OLDER);
  expect(made.status, made.text).toBe(200);
  expect(made.json.properties.mountConfiguration).toEqual([{ cifsMountConfiguration: named }]);
  const again = await put(OLDER);
  expect(again.status, again.text).toBe(200);
  const other = await put(OLDER, { mountConfiguration: [nfs] });
  expect([other.status, other.json.error?.code]).toEqual([400, "PropertyCannotBeUpdated"]);
  expect((await batch.get("/pools/managed")).mountConfiguration).toEqual([{ cifsMountConfiguration: cifs }]);
  const newer = await put(NEWER, { mountConfiguration: [nfs] });
  expect(newer.status, newer.text).toBe(200);
  expect((await batch.get("/pools/managed")).mountConfiguration).toEqual([nfs]);
});

test("a file share of the service's own storage is refused in words, on both planes, for it has none", async () => {
  const azureFileUrl = `https://${service.ready.storageAccount}.file.core.windows.net/s`;
  const mountConfiguration = [{ azureFileShareConfiguration: { ...share, azureFileUrl, accountKey: "k" } }];
  const { status, json } = await batch.send("POST", "/pools", { body: empty("own", { mountConfiguration }) });
  expect([status, json.code]).toEqual([400, "InvalidPropertyValue"]);
  expect(JSON.stringify(json.values)).toContain("no file shares");
  expect((await batch.send("GET", "/pools/own")).status).toBe(404);
});

test("what a mount may not be is refused with the property's path, and without its secret", async () => {
  const secret = "of-nobodys-business";
  const body = empty("bad", {
    mountConfiguration: [
      nfs,
      { azureBlobFileSystemConfiguration: { ...blob, accountKey: secret, blobfuseOptions: "--foreground" } },
    ],
  });
  const { status, json, text } = await batch.send("POST", "/pools", { body });
  expect([status, json.code]).toEqual([400, "InvalidPropertyValue"]);
  const path = "mountConfiguration[1].azureBlobFileSystemConfiguration.blobfuseOptions";
  expect(json.values).toContainEqual({ key: "PropertyPath", value: path });
  expect(text).toContain("--foreground");
  expect(text).not.toContain(secret);
});

test("on process nodes nothing is mounted, and a pool that asks for it is told so", async () => {
  const other = await runningService({ isolation: "process" });
  const client = await BatchClient.connect(other);
  try {
    const { status, json } = await client.send("POST", "/pools", {
      body: empty("p", { mountConfiguration: [nfs] }),
    });
    expect([status, json.code]).toEqual([400, "InvalidPropertyValue"]);
    expect(JSON.stringify(json.values)).toContain("they are processes of this machine");
  } finally {
    client.close();
    await other.close();
  }
});
