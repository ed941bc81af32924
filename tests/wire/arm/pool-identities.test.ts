/** Pools with user-assigned identities: who may make them, where they show, and what they are refused for. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ArmClient, outcome } from "../arm-client.fixture.ts";
import { jobBody, poolBody } from "../batch-bodies.fixture.ts";
import { BatchClient } from "../batch-client.fixture.ts";
import { applications, contosoSeed, FABRIKAM, foreigner, SUBSCRIPTION } from "../contoso.fixture.ts";
import { eventually } from "../eventually.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const FABRIKAM_SUBSCRIPTION = "dddddddd-0000-4000-8000-000000000004";
const LAB = `/subscriptions/${SUBSCRIPTION}/resourceGroups/lab`;
const ELSEWHERE = `/subscriptions/${FABRIKAM_SUBSCRIPTION}/resourceGroups/theirs`;
const POOLS = `${LAB}/providers/Microsoft.Batch/batchAccounts/first/pools`;
const identityId = (name: string, group = LAB) =>
  `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
const VERSION = "2024-07-01";

let service: RunningService;
let arm: ArmClient;
let poolWriter: ArmClient;
let operator: ArmClient;
let batch: BatchClient;
let reader: { clientId: string; principalId: string };

beforeAll(async () => {
  const { nobody, reader: identityOperator } = applications;
  service = await runningService({
    seed: {
      ...contosoSeed,
      subscriptions: [
        ...contosoSeed.subscriptions,
        { subscriptionId: FABRIKAM_SUBSCRIPTION, tenantId: FABRIKAM },
      ],
      roleAssignments: [
        ...contosoSeed.roleAssignments,
        // Given by mistake: the tenant must be looked at for itself.
        {
          principal: applications.contributor.clientId,
          role: "Contributor",
          scope: `/subscriptions/${FABRIKAM_SUBSCRIPTION}`,
        },
        {
          principal: foreigner.clientId,
          role: "Contributor",
          scope: `/subscriptions/${FABRIKAM_SUBSCRIPTION}`,
        },
        ...[nobody, identityOperator].map(({ clientId }) => ({
          principal: clientId,
          role: "Azure Batch Account Contributor",
          scope: LAB,
        })),
        {
          principal: identityOperator.clientId,
          role: "Managed Identity Operator",
          scope: identityId("reader"),
        },
      ],
    },
  });
  arm = await ArmClient.signIn(service, applications.contributor);
  poolWriter = await ArmClient.signIn(service, nobody);
  operator = await ArmClient.signIn(service, identityOperator);
  batch = await BatchClient.connect(service);
  const theirs = await ArmClient.signIn(service, foreigner, FABRIKAM);
  await theirs.send("PUT", ELSEWHERE, { version: "2021-04-01", body: { location: "westeurope" } });
  const create = (as: ArmClient, id: string) =>
    as.send("PUT", id, { version: "2023-01-31", body: { location: "westeurope" } });
  reader = (await create(arm, identityId("reader"))).json.properties;
  await create(arm, identityId("writer"));
  expect((await create(theirs, identityId("foreign", ELSEWHERE))).status).toBe(201);
});
afterAll(async () => {
  batch?.close();
  await service?.close();
});

/** The pool of the page "Configure managed identities in Batch pools", as its REST body. */
const page = (identities: readonly string[], more: object = {}) => ({
  properties: {
    vmSize: "standard_d1_v2",
    scaleSettings: { fixedScale: { targetDedicatedNodes: 0 } },
    deploymentConfiguration: {
      virtualMachineConfiguration: {
        imageReference: {
          publisher: "Canonical",
          offer: "UbuntuServer",
          sku: "18.04-LTS",
          version: "latest",
        },
        nodeAgentSkuId: "batch.node.ubuntu 18.04",
      },
    },
    ...more,
  },
  identity: {
    type: "UserAssigned",
    userAssignedIdentities: Object.fromEntries(identities.map((id) => [id, {}])),
  },
});
const resizeOf = (targetDedicatedNodes: number) => ({
  properties: { ...page([]).properties, scaleSettings: { fixedScale: { targetDedicatedNodes } } },
});

/** The identities of each of the pool's nodes, as the store has them: no plane shows a node's. */
function nodesOf(poolId: string): string[][] {
  const database = new DatabaseSync(join(service.folder, "state.db"), { readOnly: true });
  try {
    const rows = database
      .prepare("select n.identities from node n join pool p on p.key = n.pool_key where p.id = ?")
      .all(poolId);
    return rows.map(({ identities }) =>
      (JSON.parse(String(identities)) as { resourceId: string }[]).map(({ resourceId }) => resourceId),
    );
  } finally {
    database.close();
  }
}

const put = (name: string, body: object, as = arm, version = VERSION) =>
  as.send("PUT", `${POOLS}/${name}`, { version, body });

describe("a pool with identities", () => {
  test("is made by management and shown by both planes", async () => {
    const created = await put("page", page([identityId("reader"), identityId("writer")]));
    expect(outcome(created)).toBe(200);
    expect(created.json.identity).toMatchObject({
      type: "UserAssigned",
      userAssignedIdentities: {
        [identityId("reader")]: { clientId: reader.clientId, principalId: reader.principalId },
        [identityId("writer")]: { clientId: expect.any(String) },
      },
    });
    for (const version of ["2021-01-01", "2022-10-01", "2023-11-01"]) {
      const { json } = await arm.send("GET", `${POOLS}/page`, { version });
      expect(Object.keys(json.identity.userAssignedIdentities), version).toHaveLength(2);
    }
    const seen = await batch.send("GET", "/pools/page");
    expect(seen.json.identity).toMatchObject({
      type: "UserAssigned",
      userAssignedIdentities: [
        { resourceId: identityId("reader"), clientId: reader.clientId, principalId: reader.principalId },
        { resourceId: identityId("writer") },
      ],
    });
  });

  test("changes them, keeps them where a request is silent, and loses them", async () => {
    const patch = (body: object) => arm.send("PATCH", `${POOLS}/changing`, { version: VERSION, body });
    await put("changing", page([identityId("reader")]));
    const named = ({ json }: { json: { identity?: { userAssignedIdentities: object } } }) =>
      Object.keys(json.identity?.userAssignedIdentities ?? {});
    expect(named(await patch({ properties: { metadata: [{ name: "a", value: "b" }] } }))).toEqual([
      identityId("reader"),
    ]);
    const exchanged = { [identityId("reader")]: null, [identityId("writer")]: {} };
    const exchange = { type: "UserAssigned", userAssignedIdentities: exchanged };
    expect(named(await patch({ identity: exchange }))).toEqual([identityId("writer")]);
    expect(named(await patch({ identity: { type: "None" } }))).toEqual([]);
    expect((await batch.send("GET", "/pools/changing")).json).not.toHaveProperty("identity");
  });

  test("gives other identities only to nodes that come after it was empty", async () => {
    const resize = (targetDedicatedNodes: number) => ({
      properties: { scaleSettings: { fixedScale: { targetDedicatedNodes } } },
    });
    const patch = (body: object) => arm.send("PATCH", `${POOLS}/filled`, { version: VERSION, body });
    const steady = (nodes: number) =>
      eventually(`${nodes} nodes`, async () => {
        const { properties } = (await arm.send("GET", `${POOLS}/filled`, { version: VERSION })).json;
        return properties.allocationState === "Steady" && properties.currentDedicatedNodes === nodes;
      });
    await put("filled", { ...page([identityId("reader")]), ...resizeOf(1) });
    await steady(1);
    const exchanged = { [identityId("reader")]: null, [identityId("writer")]: {} };
    await patch({ identity: { type: "UserAssigned", userAssignedIdentities: exchanged }, ...resize(2) });
    await steady(2);
    expect(nodesOf("filled")).toEqual([[identityId("reader")], [identityId("reader")]]);
    await patch(resize(0));
    await steady(0);
    await patch(resize(1));
    await steady(1);
    expect(nodesOf("filled")).toEqual([[identityId("writer")]]);
  });

  test("gets what a PATCH names beside what it has, and loses what is null there", async () => {
    await put("merged", page([identityId("reader")]));
    const patched = async (userAssignedIdentities: object) => {
      const body = { identity: { type: "UserAssigned", userAssignedIdentities } };
      const { json } = await arm.send("PATCH", `${POOLS}/merged`, { version: VERSION, body });
      return Object.keys(json.identity?.userAssignedIdentities ?? {});
    };
    const both = [identityId("reader"), identityId("writer")];
    expect(await patched({ [identityId("writer")]: {} })).toEqual(both);
    expect(await patched({ [identityId("reader")]: null })).toEqual([identityId("writer")]);
    expect(await patched({ [identityId("writer")]: null })).toEqual([]);
  });

  test("needs the permission to assign each of them", async () => {
    const denied = await put("denied", page([identityId("reader")]), poolWriter);
    expect(outcome(denied)).toBe("403 LinkedAuthorizationFailed");
    expect(denied.json.error.message).toContain(identityId("reader"));
    expect(denied.json.error.message).toContain("userAssignedIdentities/assign/action");
    const why = await poolWriter.send(
      "GET",
      `/providers/Batchyard.Access/denials/${denied.headers["x-ms-request-id"]}`,
      { version: "2026-01-01" },
    );
    expect(why.text).toContain("userAssignedIdentities/assign/action");
    expect(why.text).toContain("Managed Identity Operator");
    // As much is said about one that is not there.
    expect(outcome(await put("denied", page([identityId("absent")]), poolWriter))).toBe(
      "403 LinkedAuthorizationFailed",
    );
    expect(outcome(await put("operated", page([identityId("reader")]), operator))).toBe(200);
    const two = page([identityId("reader"), identityId("writer")]);
    expect(outcome(await put("operated2", two, operator))).toBe("403 LinkedAuthorizationFailed");
    expect(outcome(await arm.send("GET", `${POOLS}/denied`, { version: VERSION }))).toBe("404 PoolNotFound");
  });

  test("has only those of its tenant that are there", async () => {
    const foreign = await put("foreign", page([identityId("foreign", ELSEWHERE)]));
    expect(outcome(foreign)).toBe("403 LinkedAuthorizationFailed");
    expect(foreign.json.error.message).toMatch(
      new RegExp(`current tenant .* linked subscription '${FABRIKAM_SUBSCRIPTION}'`),
    );
    expect(outcome(await put("absent", page([identityId("absent")])))).toBe("400 FailedIdentityOperation");
    expect(outcome(await put("wrong", page([POOLS])))).toBe("400 InvalidRequestContent");
    const around = identityId("reader").replace("/lab/", "/../");
    expect(outcome(await put("wrong", page([around])))).toBe("403 LinkedAuthorizationFailed");
    expect(outcome(await put("none", page([])))).toBe("400 InvalidRequestContent");
  });

  test("has its certificates' rotation checked and kept, as the page describes it", async () => {
    const extensionOf = (msiClientId: string) => ({
      name: "KVExtensions",
      type: "KeyVaultForLinux",
      publisher: "Microsoft.Azure.KeyVault",
      typeHandlerVersion: "1.0",
      autoUpgradeMinorVersion: true,
      settings: {
        secretsManagementSettings: {
          pollingIntervalInS: "300",
          certificateStoreLocation: "/var/lib/waagent/Microsoft.Azure.KeyVault",
          requireInitialSync: true,
          observedCertificates: ["https://vault.example/secrets/certificate/0123456789abcdef"],
        },
        authenticationSettings: { msiEndpoint: "http://169.254.169.254/metadata/identity", msiClientId },
      },
    });
    const rotating = (extension: object) => {
      const { virtualMachineConfiguration } = page([]).properties.deploymentConfiguration;
      const extended = { ...virtualMachineConfiguration, extensions: [extension] };
      return page([identityId("reader")], {
        deploymentConfiguration: { virtualMachineConfiguration: extended },
      });
    };
    const extension = extensionOf(reader.clientId);
    const created = await put(
      "rotating",
      rotating({ ...extension, protectedSettings: { secret: "s3cret" } }),
    );
    expect(outcome(created)).toBe(200);
    for (const { text } of [created, await arm.send("GET", `${POOLS}/rotating`, { version: VERSION })])
      expect(text).not.toContain("s3cret");
    const { extensions } = created.json.properties.deploymentConfiguration.virtualMachineConfiguration;
    expect(extensions).toEqual([extension]);
    const seen = await batch.send("GET", "/pools/rotating");
    expect(seen.json.virtualMachineConfiguration.extensions).toEqual([extension]);
    const refused = await put("rotating2", rotating(extensionOf("b9f6dd56-d2d6-4967-99d7-8062d56fd84c")));
    expect(outcome(refused)).toBe("400 InvalidPropertyValue");
    expect(refused.json.error.details).toContainEqual({ code: "PropertyName", message: "msiClientId" });
    const { virtualMachineConfiguration } = poolBody("plain", {});
    const plain = { ...virtualMachineConfiguration, extensions: [extension] };
    const onData = await batch.send("POST", "/pools", {
      body: poolBody("plain", { virtualMachineConfiguration: plain }),
    });
    expect([onData.status, onData.json.code]).toEqual([400, "InvalidPropertyValue"]);
  });

  test("is of virtual machines", async () => {
    const services = { deploymentConfiguration: { cloudServiceConfiguration: { osFamily: "5" } } };
    const body = page([identityId("reader")], services);
    const refused = await put("services", body, arm, "2023-11-01");
    expect(outcome(refused)).toBe("400 InvalidPropertyValue");
    expect(refused.json.error.details).toContainEqual({ code: "PropertyName", message: "identity" });
    const without = page([identityId("reader")], { deploymentConfiguration: undefined });
    expect(outcome(await put("services", without))).toBe("400 InvalidPropertyValue");
  });
});

test("the data plane takes no identity", async () => {
  const identity = { type: "UserAssigned", userAssignedIdentities: [{ resourceId: identityId("reader") }] };
  const autoPoolSpecification = {
    poolLifetimeOption: "job",
    pool: { ...poolBody("", { identity }), id: undefined },
  };
  for (const [method, path, body] of [
    ["POST", "/pools", poolBody("sneaky", { identity })],
    ["PATCH", "/pools/page", { identity }],
    ["POST", "/pools/page/updateproperties", { identity, metadata: [], applicationPackageReferences: [] }],
    ["POST", "/jobs", { ...jobBody("sneaky", ""), poolInfo: { autoPoolSpecification } }],
  ] as const) {
    const { status, json } = await batch.send(method, path, { body });
    expect([status, json.code], path).toEqual([400, "UnsupportedProperty"]);
    expect(json.values).toContainEqual({ key: "PropertyName", value: "identity" });
  }
  expect((await batch.send("GET", "/pools/sneaky")).status).toBe(404);
});

describe("an account", () => {
  const path = (name: string) => `${LAB}/providers/Microsoft.Batch/batchAccounts/${name}`;
  const key = {
    keySource: "Microsoft.KeyVault",
    keyVaultProperties: { keyIdentifier: "https://vault.example/keys/batch/0123456789abcdef" },
  };
  const account = (identity: object, properties: object = {}) => ({
    location: "westeurope",
    identity,
    properties,
  });
  const { identity: withReader } = page([identityId("reader")]);
  const write = (name: string, body: object, as = arm, method = "PUT") =>
    as.settle(method, path(name), { version: VERSION, body });

  test("is encrypted with a key that one of its identities reads", async () => {
    const created = await write("sealed", account(withReader, { encryption: key }));
    expect(outcome(created)).toBe(200);
    expect(created.json).toMatchObject({
      identity: {
        type: "UserAssigned",
        userAssignedIdentities: { [identityId("reader")]: { clientId: reader.clientId } },
      },
      properties: { encryption: key },
    });
    for (const version of ["2021-01-01", "2022-10-01", "2023-11-01", VERSION]) {
      expect((await arm.send("GET", path("sealed"), { version })).json.identity.type, version).toBe(
        "UserAssigned",
      );
    }
    expect((await write("sealed", { tags: { a: "b" } }, arm, "PATCH")).json.identity.type).toBe(
      "UserAssigned",
    );
    const bare = await write("sealed", { identity: { type: "None" } }, arm, "PATCH");
    expect(outcome(bare)).toBe("400 InvalidRequestContent");
    expect(bare.json.error.message).toContain("properties.encryption");
    const open = { identity: { type: "None" }, properties: { encryption: { keySource: "Microsoft.Batch" } } };
    expect((await write("sealed", open, arm, "PATCH")).json.identity).toEqual({ type: "None" });
  });

  test("has only identities that the caller may assign", async () => {
    expect(outcome(await write("denied", account(withReader), poolWriter))).toBe(
      "403 LinkedAuthorizationFailed",
    );
    const { identity } = page([identityId("foreign", ELSEWHERE)]);
    expect(outcome(await write("denied", account(identity)))).toBe("403 LinkedAuthorizationFailed");
    expect(outcome(await write("itself", account({ type: "SystemAssigned" })))).toBe(200);
    expect(outcome(await arm.send("GET", path("denied"), { version: VERSION }))).toBe("404 ResourceNotFound");
  });
});

test("an identity tells what has it", async () => {
  await put("used", page([identityId("writer")]));
  const { identity } = page([identityId("writer")]);
  const account = `${LAB}/providers/Microsoft.Batch/batchAccounts/using`;
  await arm.send("PUT", account, { version: VERSION, body: { location: "westeurope", identity } });
  const ask = async (query: string, as = arm) =>
    as.send("POST", `${identityId("writer")}/listAssociatedResources${query}`, {
      version: "2022-01-31-preview",
    });
  const { json } = await ask("?$orderby=name%20desc");
  const ids = json.value.map(({ id }: { id: string }) => id);
  expect(ids).toContain(`${POOLS}/used`);
  expect(ids.indexOf(account)).toBeLessThan(ids.indexOf(`${POOLS}/used`));
  expect(json.totalCount).toBe(ids.length);
  const filtered = await ask("?$filter=type%20eq%20'microsoft.batch/batchaccounts'&$top=1");
  expect(filtered.json).toMatchObject({
    totalCount: 1,
    value: [{ id: account, name: "using", resourceGroup: "lab", subscriptionId: SUBSCRIPTION }],
  });
  expect(outcome(await ask("?$orderby=colour"))).toBe("400 InvalidQueryParameter");
  expect(outcome(await ask("", poolWriter))).toBe("403 AuthorizationFailed");
});

test("an identity that goes takes its principal along, alone or with its group", async () => {
  const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/passing`;
  const id = identityId("passing", group);
  const make = async () => {
    await arm.send("PUT", group, { version: "2021-04-01", body: { location: "westeurope" } });
    return (await arm.send("PUT", id, { version: "2023-01-31", body: { location: "westeurope" } })).json
      .properties;
  };
  const isKnown = async (principalId: string) =>
    (
      await arm.send("GET", `/providers/Batchyard.Access/principals/${principalId}`, {
        version: "2026-01-01",
      })
    ).status === 200;
  const resources = async () =>
    (await arm.send("GET", `${group}/resources`, { version: "2021-04-01" })).json.value.map(
      ({ type }: { type: string }) => type,
    );
  const first = await make();
  expect(await isKnown(first.principalId)).toBe(true);
  expect(await resources()).toEqual(["Microsoft.ManagedIdentity/userAssignedIdentities"]);
  await arm.send("DELETE", id, { version: "2023-01-31" });
  expect(await isKnown(first.principalId)).toBe(false);
  const second = await make();
  expect(second.principalId).not.toBe(first.principalId);
  await arm.send("DELETE", group, { version: "2021-04-01" });
  expect(await isKnown(second.principalId)).toBe(false);
});

test("a service can have pools with identities in some locations alone", async () => {
  const elsewhere = await runningService({ seed: contosoSeed, identityLocations: ["westus2", "eastus"] });
  try {
    const client = await ArmClient.signIn(elsewhere, applications.contributor);
    const id = identityId("reader");
    await client.send("PUT", id, { version: "2023-01-31", body: { location: "westeurope" } });
    const refused = await client.send("PUT", `${POOLS}/far`, { version: VERSION, body: page([id]) });
    expect(outcome(refused)).toBe("400 InvalidPropertyValue");
    expect(refused.json.error.details).toContainEqual({ code: "PropertyName", message: "identity" });
    const { properties } = page([]);
    expect(
      outcome(await client.send("PUT", `${POOLS}/far`, { version: VERSION, body: { properties } })),
    ).toBe(200);
  } finally {
    await elsewhere.close();
  }
});
