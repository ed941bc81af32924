/** What becomes of nodes where none can have a sandbox of its own, by what the service was told to want. */
import { readlinkSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ACCOUNT, IdentityPools, identityId, pageBody, VERSION } from "../arm/identity-pools.fixture.ts";
import { ArmClient } from "../arm-client.fixture.ts";
import { jobBody, poolBody, taskBody } from "../batch-bodies.fixture.ts";
import { BATCH_AUDIENCE, BatchClient, type Json } from "../batch-client.fixture.ts";
import { applications, contosoSeed } from "../contoso.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

// The agents of this file's services hold tasks without namespaces, as on a machine that has none.
beforeAll(() => {
  process.env.BATCHYARD_NODE_INIT = "session";
});
afterAll(() => {
  delete process.env.BATCHYARD_NODE_INIT;
});

const firstNode = (batch: BatchClient, pool: string, state: string): Promise<Json> =>
  batch.until(`/pools/${pool}/nodes`, ({ value }) => value[0]?.state === state).then(({ value }) => value[0]);

const isRoot = process.geteuid?.() === 0;

test.skipIf(!isRoot)(
  "left to the agent, root's service does not start with tasks that would be root",
  async () => {
    await expect(runningService({ isolation: "auto" })).rejects.toThrow(
      /as root of this machine.*--isolation process/,
    );
  },
);

test.skipIf(!isRoot)("where processes are asked for, root's service says what nodes are", async () => {
  const service = await runningService({ isolation: "process" });
  expect(service.ready.nodes).toBe("process");
  await service.close();
});

test("a process of this machine is no node of a pool that looks at whose requests pass to its host", async () => {
  const service = await runningService({ isolation: "process" });
  const batch = await BatchClient.connect(service);
  try {
    const { virtualMachineConfiguration } = poolBody("p");
    const securityProfile = { proxyAgentSettings: { enabled: true, imds: { mode: "Audit" } } };
    const body = poolBody("p", {
      virtualMachineConfiguration: { ...virtualMachineConfiguration, securityProfile },
    });
    expect((await batch.send("POST", "/pools", { body, version: "2025-06-01" })).status).toBe(201);
    const { errors } = await firstNode(batch, "p", "unusable");
    expect(errors).toEqual([
      { code: "IsolationUnavailable", message: expect.stringContaining("proxyAgentSettings") },
    ]);
  } finally {
    batch.close();
    await service.close();
  }
});

describe.skipIf(isRoot)("left to the agent", () => {
  let pools: IdentityPools;
  beforeAll(async () => {
    pools = await IdentityPools.open("auto");
  });
  afterAll(() => pools?.close());

  test("nodes are processes of this machine, and tasks run there", async () => {
    expect(await pools.run("none", "readlink /proc/self/ns/net")).toBe(
      `${readlinkSync("/proc/self/ns/net")}\n`,
    );
  });

  test("a pool's identities are had by the endpoint that the environment names", async () => {
    const line = `curl -s "$IDENTITY_ENDPOINT?api-version=2019-08-01&resource=${BATCH_AUDIENCE}" -H "X-IDENTITY-HEADER: $IDENTITY_HEADER"`;
    const { clientId } = pools.identities.alpha;
    expect(await pools.json("one", line)).toMatchObject({ client_id: clientId });
  });
});

test.skipIf(isRoot)(
  "left to the agent, and identities only for isolated nodes: the node says that it cannot have its own",
  async () => {
    const service = await runningService({
      seed: contosoSeed,
      isolation: "auto",
      allowUnisolatedIdentities: false,
    });
    const batch = await BatchClient.connect(service);
    try {
      const arm = await ArmClient.signIn(service, applications.contributor);
      await arm.send("PUT", identityId("alpha"), { version: "2023-01-31", body: { location: "westeurope" } });
      await arm.send("PUT", `${ACCOUNT}/pools/p`, { version: VERSION, body: pageBody(["alpha"]) });
      const { errors } = await firstNode(batch, "p", "unusable");
      expect(errors).toEqual([
        { code: "IsolationUnavailable", message: expect.stringContaining("--allow-unisolated-identities") },
      ]);
    } finally {
      batch.close();
      await service.close();
    }
  },
);

describe("namespaces insisted on", () => {
  let service: RunningService;
  let batch: BatchClient;
  beforeAll(async () => {
    service = await runningService({ isolation: "namespace" });
    batch = await BatchClient.connect(service);
  });
  afterAll(async () => {
    batch?.close();
    await service?.close();
  });

  test("the node is unusable and says why, and no task runs on it", async () => {
    await batch.post("/pools", poolBody("p"));
    await batch.post("/jobs", jobBody("j", "p"));
    await batch.post("/jobs/j/tasks", taskBody("t", "true"));
    const node = await firstNode(batch, "p", "unusable");
    expect(node.errors).toEqual([
      {
        code: "IsolationUnavailable",
        message: "No namespace node can be had here: BATCHYARD_NODE_INIT asks for none.",
      },
    ]);
    expect(await batch.get("/jobs/j/tasks/t")).toMatchObject({ state: "active" });
  });
});
