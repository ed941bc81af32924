/** `batchyard/client` and a whole service: signing, paging, errors, files, and a job from its pool to its output. */
import { text } from "node:stream/consumers";
import { ClientSecretCredential, DeviceCodeCredential } from "@azure/identity";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  BatchClient,
  BatchError,
  BatchSharedKeyCredentials,
  BatchTokenCredentials,
} from "../../../src/client/index.ts";
import { AZURE_CLI_APP_ID } from "../../../src/wire/entra/first-party.ts";
import { jobBody, poolBody, taskBody } from "../batch-bodies.fixture.ts";
import { BatchClient as PlainClient } from "../batch-client.fixture.ts";
import { TestBrowser } from "../browser.fixture.ts";
import { eventually } from "../eventually.fixture.ts";
import type { FrontDoor } from "../front-door.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

let service: RunningService;
let plain: PlainClient;
let batch: BatchClient;
let keyed: BatchClient;
let tokensAsked = 0;

beforeAll(async () => {
  service = await runningService();
  plain = await PlainClient.connect(service);
  const { clientId, clientSecret, batch: url, account, accountKey } = service.ready;
  const token = await plain.token({ clientId: clientId ?? "", clientSecret: clientSecret ?? "" });
  const provider = async () => {
    tokensAsked++;
    return token;
  };
  const options = { tlsOptions: { ca: service.ca } };
  batch = BatchClient.open(new BatchTokenCredentials(url, provider), options);
  keyed = BatchClient.open(new BatchSharedKeyCredentials(url, account, accountKey), options);
});
afterAll(async () => {
  plain?.close();
  await service?.close();
});

test("the token provider is asked once for every request, pages included", async () => {
  for (const id of ["page-1", "page-2", "page-3"]) await batch.jobs.add(jobBody(id, "absent"));
  const before = tokensAsked;
  const pages: number[] = [];
  const list = batch.jobs.list({ filter: "startswith(id, 'page-')", select: "id", maxResults: 1 });
  for await (const page of list.byPage()) pages.push(page.length);
  expect(pages.reduce((sum, length) => sum + length)).toBe(3);
  expect(pages.length).toBeGreaterThanOrEqual(3);
  expect(tokensAsked - before).toBe(pages.length);
  expect((await list.toArray()).map(({ id }) => id)).toEqual(["page-1", "page-2", "page-3"]);
});

test("a credential of @azure/identity is taken as it is", async () => {
  const { login, tenantId, clientId, clientSecret, batch: url } = service.ready;
  const credential = new ClientSecretCredential(tenantId, clientId ?? "", clientSecret ?? "", {
    authorityHost: login,
    disableInstanceDiscovery: true,
    tlsOptions: { ca: service.ca },
  });
  const client = BatchClient.open(new BatchTokenCredentials(url, credential), {
    tlsOptions: { ca: service.ca },
  });
  expect(await client.jobs.list({ filter: "id eq 'none'" }).toArray()).toEqual([]);
});

test("a user signed in on another device lists jobs", async () => {
  const { login, tenantId, username, password, batch: url } = service.ready;
  const browser = new TestBrowser({ ca: service.ca } as FrontDoor);
  let signedIn: Promise<void> | undefined;
  const user = new DeviceCodeCredential({
    tenantId,
    // A public client that is allowed to ask for Batch from the start.
    clientId: AZURE_CLI_APP_ID,
    authorityHost: login,
    disableInstanceDiscovery: true,
    tlsOptions: { ca: service.ca },
    userPromptCallback: ({ verificationUri, userCode }) => {
      signedIn = signInOnDevice(verificationUri, userCode);
    },
  });
  async function signInOnDevice(address: string, code: string): Promise<void> {
    const entry = await browser.open(address);
    const signIn = await browser.submit(entry, "code", { user_code: code });
    const account = { username: username ?? "", password: password ?? "" };
    const question = await browser.submit(signIn, "sign-in", account);
    expect((await browser.submit(question, "confirm")).text).toContain("You have signed in");
  }
  const client = BatchClient.open(new BatchTokenCredentials(url, user), {
    tlsOptions: { ca: service.ca },
  });
  const listing = client.jobs.list({ filter: "id eq 'none'" }).toArray();
  await eventually("the code to type in", () => signedIn !== undefined);
  await signedIn;
  expect(await listing).toEqual([]);
});

test("300 calls in three lifetimes of a token ask for four tokens and see no 401", async () => {
  let ahead = 0;
  const clock = () => Date.now() + ahead;
  const clocked = await runningService({ clock });
  const asking = await PlainClient.connect(clocked);
  try {
    const { clientId, clientSecret, batch: url } = clocked.ready;
    const application = { clientId: clientId ?? "", clientSecret: clientSecret ?? "" };
    let asked = 0;
    const credential = {
      getToken: async () => {
        asked++;
        return { token: await asking.token(application), expiresOnTimestamp: clock() + 3_600_000 };
      },
    };
    const options = { tlsOptions: { ca: clocked.ca }, clock };
    const client = BatchClient.open(new BatchTokenCredentials(url, credential), options);
    for (let call = 0; call < 300; call++) {
      expect(await client.pools.exists("none")).toBe(false);
      ahead += 36_000;
    }
    expect(asked).toBe(4);
  } finally {
    asking.close();
    await clocked.close();
  }
});

test("a shared key signs every verb", async () => {
  const { jobs, pools } = keyed;
  await jobs.add(jobBody("keyed", "absent"));
  let etag = "";
  await jobs.get("keyed", {
    select: "id,state",
    onResponse: ({ headers }) => {
      etag = headers.get("etag") ?? "";
    },
  });
  await expect(jobs.get("keyed", { ifNoneMatch: etag })).rejects.toMatchObject({ status: 304 });
  await jobs.patch("keyed", { priority: 1 }, { ifMatch: etag, timeoutSeconds: 20 });
  await expect(jobs.patch("keyed", { priority: 2 }, { ifMatch: etag })).rejects.toMatchObject({
    status: 412,
    code: "ConditionNotMet",
  });
  await jobs.update("keyed", { poolInfo: { poolId: "absent" } });
  await jobs.disable("keyed", { disableTasks: "requeue" });
  await jobs.enable("keyed");
  expect(await jobs.list({ filter: "id eq 'keyed'", expand: "stats", maxResults: 5 }).toArray()).toHaveLength(
    1,
  );
  expect(await pools.exists("absent")).toBe(false);
  await jobs.terminate("keyed");
  await jobs.delete("keyed", { force: false });
});

test("a shared key signs odd ids as they are sent", async () => {
  for (const id of [
    "we ird(x)é",
    "a b",
    "a+b",
    "100%",
    "a&b=c",
    "a/b",
    "o'clock",
    "~tilde!*",
    "a;b,c",
    "%2e",
  ]) {
    const outcomes = await Promise.all(
      [
        keyed.jobs.get(id),
        keyed.jobs.delete(id),
        keyed.tasks.get("page-1", id),
        keyed.tasks.delete("page-1", id),
        keyed.pools.get(id),
        keyed.files.getFromTask("page-1", "t", `wd/${id}.txt`),
        keyed.jobs.add({ id, poolInfo: { poolId: "absent" } }),
        keyed.jobs.list({ filter: `id eq '${id.replaceAll("'", "''")}'` }).toArray(),
      ].map((call: Promise<unknown>) =>
        call.then(
          () => 200,
          (error: BatchError) => error.status,
        ),
      ),
    );
    // 403 would be a signature that does not fit.
    expect(
      outcomes.slice(0, -1).filter((status) => status !== 400 && status !== 404),
      id,
    ).toEqual([]);
    expect(outcomes.at(-1), id).toBe(200);
  }
});

test("a wrong key and a wrong token are refused with the service's own words", async () => {
  const { batch: url, account } = service.ready;
  const options = { tlsOptions: { ca: service.ca } };
  const wrongKey = new BatchSharedKeyCredentials(url, account, Buffer.alloc(64).toString("base64"));
  await expect(BatchClient.open(wrongKey, options).jobs.get("j")).rejects.toMatchObject({
    status: 403,
    code: "AuthenticationFailed",
  });
  const wrongToken = new BatchTokenCredentials(url, async () => "no.token.this");
  await expect(BatchClient.open(wrongToken, options).jobs.get("j")).rejects.toMatchObject({
    status: 401,
    code: "AuthenticationFailed",
  });
});

test("an error names code, values and the request", async () => {
  const error = await batch.jobs.add({ id: "a b", poolInfo: { poolId: "p" } }).catch((error) => error);
  expect(error).toBeInstanceOf(BatchError);
  expect(error).toMatchObject({ status: 400, code: "InvalidPropertyValue", requestId: expect.any(String) });
  expect(error.values).toContainEqual({ key: "PropertyName", value: "id" });
});

test("a job runs from its pool to its output", async () => {
  await batch.pools.add(poolBody("run"));
  await batch.jobs.add(jobBody("run", "run"));
  const tasks = Array.from({ length: 120 }, (_, index) => taskBody(`t${index}`, `printf task-${index}`));
  const results = await batch.tasks.addCollection("run", [...tasks, ...tasks.slice(0, 1)]);
  expect(results.slice(0, 120).filter(({ status }) => status !== "success")).toEqual([]);
  expect(results[120]).toMatchObject({ status: "clienterror", taskId: "t0", error: { code: "TaskExists" } });

  await batch.tasks.add("run", taskBody("odd", 'mkdir sub; printf odd > "sub/we ird (x) é#?.txt"'));
  const [done] = await Promise.all(
    ["t119", "odd"].map((id) =>
      eventually(`task ${id}`, async () => {
        const task = await batch.tasks.get("run", id);
        return task.state === "completed" && task;
      }),
    ),
  );
  expect(done?.executionInfo?.exitCode).toBe(0);
  expect(await text(await batch.files.getFromTask("run", "t119", "stdout.txt"))).toBe("task-119");
  const range = { start: 5, end: 6 };
  expect(await text(await batch.files.getFromTask("run", "t119", "stdout.txt", { range }))).toBe("11");
  expect(await batch.files.getPropertiesFromTask("run", "t119", "stdout.txt")).toMatchObject({
    contentLength: 8,
    isDirectory: false,
    lastModified: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  for (const client of [batch, keyed]) {
    const odd = await client.files.getFromTask("run", "odd", "wd/sub/we ird (x) é#?.txt");
    expect(await text(odd)).toBe("odd");
  }
  const files = await batch.files.listFromTask("run", "t119", { recursive: true }).toArray();
  expect(files.find(({ name }) => name === "stdout.txt")?.properties?.contentLength).toBe(8);
  expect(await batch.pools.exists("run")).toBe(true);
  expect(await batch.nodes.list("run").toArray()).toHaveLength(1);
  await batch.jobs.delete("run");
  await batch.pools.delete("run");
});
