/** What the agent did on a node, sent to a container of blobs: by signature and by identity, of a time span, and what is refused. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import {
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { afterAll, beforeAll, expect, test } from "vitest";
import { namespaceObstacle, outboundObstacle } from "../../e2e/nodes/namespace-nodes.ts";
import { jobBody, taskBody } from "../batch-bodies.fixture.ts";
import { BatchClient, type Json } from "../batch-client.fixture.ts";
import {
  asIdentity,
  IdentityStorage,
  identityStorageSeed,
  STORAGE_ID,
} from "../blob/identity-storage.fixture.ts";
import { STORAGE_ACCOUNT } from "../blob/storage.fixture.ts";
import { eventually } from "../eventually.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const AZURE = `https://${STORAGE_ACCOUNT}.blob.core.windows.net`;
const HOUR_MS = 3_600_000;
const before = new Date(Date.now() - HOUR_MS).toISOString();

/** Nodes have sandboxes here, out of which nothing leads. */
const isClosed = namespaceObstacle === undefined && outboundObstacle !== undefined;

let service: RunningService;
let storage: IdentityStorage;
let batch: BatchClient;
let key: string;
let node: string;

beforeAll(async () => {
  service = await runningService({ seed: identityStorageSeed });
  storage = await IdentityStorage.prepare(service);
  batch = await BatchClient.connect(service);
  key = (await storage.arm.send("POST", `${STORAGE_ID}/listKeys`, { version: "2023-01-01" })).json.keys[0]
    .value;
  await storage.addContainer("logs");
  await storage.addPool("p", ["writer", "nothing"]);
  await batch.post("/jobs", jobBody("j", "p"));
  const secret = { name: "PASSWORD", value: "not-for-the-journal" };
  await batch.post(
    "/jobs/j/tasks",
    taskBody("fails", "echo not-for-the-journal; exit 7", { environmentSettings: [secret] }),
  );
  const task = await batch.until("/jobs/j/tasks/fails", ({ state }) => state === "completed");
  node = task.nodeInfo.nodeId;
});
afterAll(async () => {
  batch?.close();
  storage?.close();
  await service?.close();
});

function signed(permissions: string, containerName = "logs"): string {
  const expiresOn = new Date(Date.now() + HOUR_MS);
  const signature = generateBlobSASQueryParameters(
    { containerName, permissions: ContainerSASPermissions.parse(permissions), expiresOn },
    new StorageSharedKeyCredential(STORAGE_ACCOUNT, key),
  );
  return `${AZURE}/${containerName}?${signature}`;
}

const upload = (body: object) =>
  batch.send("POST", `/pools/p/nodes/${node}/uploadbatchservicelogs`, {
    body: { startTime: before, ...body },
  });

async function blobsIn(folder: string): Promise<string[]> {
  const { body } = await storage.send("GET", `logs?restype=container&comp=list&prefix=${folder}/`);
  return [...body.toString().matchAll(/<Name>([^<]*)<\/Name>/g)].map(([, name = ""]) => name);
}

const reasonOf = ({ json }: { readonly json: Json }) =>
  json.values?.find((each: Json) => each.key === "Reason")?.value;

test("the journal of the time span is in the container, as plain text, once the request is answered", async () => {
  const { status, json } = await upload({
    containerUrl: signed("w"),
    endTime: new Date(Date.now() + HOUR_MS),
  });
  expect(status).toBe(200);
  expect(json.virtualDirectoryName).toMatch(new RegExp(`^p/${node}/[0-9a-f-]{36}$`));
  const blobs = await blobsIn(json.virtualDirectoryName);
  expect(blobs).toHaveLength(json.numberOfFilesUploaded);
  expect(blobs[0]).toMatch(/\/agent-debug\.\d{8}T\d{9}Z\.log$/);
  const { headers, body } = await storage.send("GET", `logs/${blobs[0]}`);
  expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
  const text = body.toString();
  expect(text).toMatch(/^\S+Z agent \S+ starts node \S+ of pool p\n/);
  expect(text).toMatch(/ run \S+, attempt 1 of task fails of job j, exited with 7, \d+ ms of a processor\n/);
  expect(text).not.toContain("not-for-the-journal");
});

test("it is sent as one of the node's identities, and as no other", async () => {
  const sent = await upload({ containerUrl: `${AZURE}/logs`, ...asIdentity("writer") });
  expect(sent.status, sent.text).toBe(200);
  expect(await blobsIn(sent.json.virtualDirectoryName)).toHaveLength(sent.json.numberOfFilesUploaded);
  // One that may nothing, and one that the pool has not.
  for (const name of ["nothing", "reader"]) {
    const refused = await upload({ containerUrl: `${AZURE}/logs`, ...asIdentity(name) });
    expect([refused.status, refused.json.code], name).toEqual([400, "InvalidPropertyValue"]);
    expect(refused.text).toContain("containerUrl");
  }
});

test("a time span without a line sends nothing", async () => {
  const answer = await upload({ containerUrl: signed("w"), endTime: new Date(Date.parse(before) + 1_000) });
  expect([answer.status, answer.json.numberOfFilesUploaded]).toEqual([200, 0]);
});

test.skipIf(isClosed)(
  "where nobody is at the container's address, the files to send are counted, and the journal tells",
  async () => {
    const counted = await upload({ containerUrl: "https://nowhere.invalid/logs" });
    expect(counted.status, counted.text).toBe(200);
    expect(counted.json.numberOfFilesUploaded).toBeGreaterThan(0);
    const { json } = await upload({ containerUrl: signed("w") });
    const [newest = ""] = (await blobsIn(json.virtualDirectoryName)).sort().reverse();
    expect((await storage.send("GET", `logs/${newest}`)).body.toString()).toContain(
      "files could not be sent: https://nowhere.invalid/logs/",
    );
  },
);

test.runIf(isClosed)(
  "where nodes reach nothing but the service, a container elsewhere is refused",
  async () => {
    const refused = await upload({ containerUrl: "https://nowhere.invalid/logs" });
    expect([refused.status, refused.text]).toEqual([
      400,
      expect.stringContaining("reaches nothing but the service"),
    ]);
  },
);

test("what cannot be is refused by its name", async () => {
  const refusals: [body: object, property: string][] = [
    [{ containerUrl: "ftp://example.com/c" }, "containerUrl"],
    [{ containerUrl: signed("r") }, "containerUrl"],
    [{ containerUrl: signed("w", "absent") }, "containerUrl"],
    [{ containerUrl: "http://169.254.169.254/c" }, "containerUrl"],
    [{ containerUrl: signed("w"), endTime: "2020-01-01T00:00:00Z" }, "endTime"],
    [{ containerUrl: signed("w"), identityReference: { resourceId: "x" } }, "resourceId"],
  ];
  for (const [body, property] of refusals) {
    const { status, json, text } = await upload(body);
    expect([status, json.code], text).toEqual([400, "InvalidPropertyValue"]);
    expect(text).toContain(property);
  }
  expect(reasonOf(await upload({ containerUrl: signed("r") }))).not.toContain("sig=");
  const missing = await batch.send("POST", "/pools/p/nodes/absent/uploadbatchservicelogs", {
    body: { containerUrl: signed("w"), startTime: before },
  });
  expect([missing.status, missing.json.code]).toEqual([404, "NodeNotFound"]);
});

test("the journal stays over a reboot, and goes with the node", async () => {
  await batch.post(`/pools/p/nodes/${node}/reboot`);
  await batch.until(`/pools/p/nodes/${node}`, ({ state }) => state === "idle");
  const { json } = await upload({ containerUrl: signed("w") });
  const [blob] = await blobsIn(json.virtualDirectoryName);
  const text = await storage.content(`logs/${blob}`);
  expect(text).toMatch(/ exited with 7.* will come back\n.* starts node .* the node stands: /s);
  const journals = () =>
    readdirSync(join(service.folder, "nodes")).filter((name) => name.endsWith(".journal"));
  expect(journals()).toHaveLength(1);
  await batch.must("DELETE", "/pools/p");
  await eventually("the journal's end", async () => journals().length === 0);
});
