/**
 * Identities of pools, used by tasks: the requests of the page "Configure managed identities in Batch pools", and who gets no
 * token. On nodes of both kinds.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { namespaceObstacle } from "../e2e/namespace-nodes.ts";
import { ArmClient, outcome } from "./arm-client.fixture.ts";
import { jobBody } from "./batch-bodies.fixture.ts";
import { BATCH_AUDIENCE, BatchClient, type Json } from "./batch-client.fixture.ts";
import { applications, contosoSeed, SUBSCRIPTION } from "./contoso.fixture.ts";
import { eventually } from "./eventually.fixture.ts";
import { type RunningService, runningService } from "./running-service.fixture.ts";

const LAB = `/subscriptions/${SUBSCRIPTION}/resourceGroups/lab`;
const ACCOUNT = `${LAB}/providers/Microsoft.Batch/batchAccounts/first`;
const AUTHORIZATION = "providers/Microsoft.Authorization";
const BATCH_DATA_CONTRIBUTOR = "6aaa78f1-f7de-44ca-8722-c64a23943cae";
const identityId = (name: string) =>
  `${LAB}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
const VERSION = "2024-07-01";
const NAMES = ["alpha", "beta"] as const;

/** The pool of the page, as its REST body. */
const pageBody = (identities: readonly string[]) => ({
  ...(identities.length > 0 && {
    identity: {
      type: "UserAssigned",
      userAssignedIdentities: Object.fromEntries(identities.map((name) => [identityId(name), {}])),
    },
  }),
  properties: {
    vmSize: "STANDARD_D2S_V3",
    scaleSettings: { fixedScale: { targetDedicatedNodes: 1 } },
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
  },
});

class IdentityPools {
  readonly service: RunningService;
  readonly arm: ArmClient;
  readonly batch: BatchClient;
  readonly identities: Record<(typeof NAMES)[number], { clientId: string; principalId: string }>;
  readonly assignment = `${ACCOUNT}/${AUTHORIZATION}/roleAssignments/${randomUUID()}`;

  static async open(isolation: "namespace" | "process"): Promise<IdentityPools> {
    const service = await runningService({ seed: contosoSeed, isolation });
    const arm = await ArmClient.signIn(service, applications.contributor);
    const [alpha, beta] = await Promise.all(
      NAMES.map(
        async (name) =>
          (
            await arm.send("PUT", identityId(name), {
              version: "2023-01-31",
              body: { location: "westeurope" },
            })
          ).json.properties,
      ),
    );
    const pools = new IdentityPools(service, arm, await BatchClient.connect(service), { alpha, beta });
    await pools.add("one", ["alpha"]);
    await pools.add("two", ["alpha", "beta"]);
    await pools.add("none", []);
    return pools;
  }

  private constructor(
    service: RunningService,
    arm: ArmClient,
    batch: BatchClient,
    identities: IdentityPools["identities"],
  ) {
    this.service = service;
    this.arm = arm;
    this.batch = batch;
    this.identities = identities;
  }

  async add(pool: string, identities: readonly string[]): Promise<void> {
    const path = `${ACCOUNT}/pools/${pool}`;
    const made = await this.arm.send("PUT", path, { version: VERSION, body: pageBody(identities) });
    expect(outcome(made)).toBe(200);
    await this.batch.post("/jobs", jobBody(pool, pool));
  }

  /** @returns what the script printed */
  async run(pool: string, script: string): Promise<string> {
    const id = `t${randomUUID()}`;
    const environmentSettings = [{ name: "SCRIPT", value: script }];
    await this.batch.post(`/jobs/${pool}/tasks`, {
      id,
      commandLine: `/bin/sh -c 'exec 2>&1; eval "$SCRIPT"'`,
      environmentSettings,
    });
    await this.batch.until(`/jobs/${pool}/tasks/${id}`, ({ state }) => state === "completed");
    return (await this.batch.send("GET", `/jobs/${pool}/tasks/${id}/files/stdout.txt`)).text;
  }

  async json(pool: string, script: string): Promise<Json> {
    const said = await this.run(pool, script);
    try {
      return JSON.parse(said);
    } catch {
      throw new Error(`not JSON: ${said}`);
    }
  }

  async assignRole(): Promise<void> {
    const administrator = await ArmClient.signIn(this.service, applications.owner);
    const assigned = await administrator.send("PUT", this.assignment, {
      version: "2022-04-01",
      body: {
        properties: {
          roleDefinitionId: `/subscriptions/${SUBSCRIPTION}/${AUTHORIZATION}/roleDefinitions/${BATCH_DATA_CONTRIBUTOR}`,
          principalId: this.identities.alpha.principalId,
          principalType: "ServicePrincipal",
        },
      },
    });
    expect(outcome(assigned)).toBe(201);
  }

  async removeRole(): Promise<void> {
    const administrator = await ArmClient.signIn(this.service, applications.owner);
    expect(outcome(await administrator.send("DELETE", this.assignment, { version: "2022-04-01" }))).toBe(200);
  }

  /** Lines of the audit log about tokens of identities. */
  audited(): Json[] {
    return readFileSync(join(this.service.folder, "audit", "audit.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
      .filter(({ plane }) => plane === "imds");
  }

  async close(): Promise<void> {
    this.batch.close();
    await this.service.close();
  }
}

const claimsOf = (token: string): Json =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

/** The page's line; only its placeholder is replaced. */
const PAGE_CURL =
  "curl 'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource={Resource App Id Url}' -H Metadata:true".replace(
    "{Resource App Id Url}",
    BATCH_AUDIENCE,
  );
const quiet = (line: string) => line.replace("curl ", "curl -s ");
const LIST_JOBS = `curl -s -o jobs -w '%{http_code}' "$AZ_BATCH_ACCOUNT_URL/jobs?api-version=2024-07-01.20.0" -H "Authorization: Bearer $TOKEN"`;
const inToken = (line: string) =>
  `TOKEN=$(${line} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/'); ${LIST_JOBS}`;

describe.skipIf(namespaceObstacle !== undefined)("on namespace nodes", () => {
  let pools: IdentityPools;
  beforeAll(async () => {
    pools = await IdentityPools.open("namespace");
  });
  afterAll(() => pools?.close());

  const ask = (pool: string, query: string, more = "-H Metadata:true") =>
    pools.json(
      pool,
      `curl -s 'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=${BATCH_AUDIENCE}${query}' ${more}`,
    );

  test("the page's curl line gives a token, with which the task does what the identity's role allows", async () => {
    const reply = await pools.json("one", quiet(PAGE_CURL));
    const { clientId, principalId } = pools.identities.alpha;
    expect(reply).toMatchObject({
      client_id: clientId,
      expires_in: expect.stringMatching(/^\d+$/),
      expires_on: expect.stringMatching(/^\d+$/),
      not_before: expect.stringMatching(/^\d+$/),
      resource: BATCH_AUDIENCE,
      token_type: "Bearer",
    });
    expect(claimsOf(reply.access_token)).toMatchObject({
      aud: BATCH_AUDIENCE,
      appid: clientId,
      appidacr: "2",
      idtyp: "app",
      oid: principalId,
      sub: principalId,
      tid: pools.service.ready.tenantId,
      xms_mirid: identityId("alpha"),
    });
    expect((await pools.json("one", quiet(PAGE_CURL))).access_token).toBe(reply.access_token);
    expect(await pools.run("one", inToken(quiet(PAGE_CURL)))).toBe("403");
    await pools.assignRole();
    await eventually(
      "the role to count",
      async () => (await pools.run("one", inToken(quiet(PAGE_CURL)))) === "200",
    );
    await pools.removeRole();
    await eventually(
      "the role to go",
      async () => (await pools.run("one", inToken(quiet(PAGE_CURL)))) === "403",
    );
  });

  test("of two identities each is had by each of its names, and none without", async () => {
    for (const name of NAMES) {
      const { clientId, principalId } = pools.identities[name];
      for (const query of [
        `client_id=${clientId}`,
        `object_id=${principalId}`,
        `mi_res_id=${identityId(name)}`,
        `msi_res_id=${identityId(name).toUpperCase()}`,
      ])
        expect(await ask("two", `&${query}`), query).toMatchObject({ client_id: clientId });
    }
    expect(await ask("two", "")).toMatchObject({ error: "invalid_request" });
  });

  test("a task gets no identity of another pool, whatever it asks, and the audit log says who asked", async () => {
    const { clientId, principalId } = pools.identities.beta;
    const [node] = (await pools.batch.get("/pools/one/nodes")).value;
    for (const query of [
      `&client_id=${clientId}`,
      `&object_id=${principalId}`,
      `&mi_res_id=${identityId("beta")}`,
      `&msi_res_id=${identityId("beta")}`,
      `&client_id=${clientId}&bypass_cache=true`,
    ]) {
      const refused = await ask("one", query);
      expect(refused, query).toEqual({ error: "invalid_request", error_description: "Identity not found" });
    }
    expect(await ask("none", "")).toMatchObject({ error: "invalid_request" });
    const forged = "-H Metadata:true -H 'X-Forwarded-For: 127.0.0.1'";
    expect(await ask("one", "", forged)).toMatchObject({ error: "invalid_request" });
    expect(await ask("one", "", "")).toEqual({
      error: "invalid_request",
      error_description: "Required metadata header not specified",
    });
    await eventually("the audit log", () => {
      const denied = pools.audited().filter(({ decision }) => decision === "denied");
      return (
        denied.filter(
          ({ target }) => target.startsWith(`/pools/one/nodes/${node.id}?`) && target.includes(clientId),
        ).length >= 2 && denied.some(({ target }) => target.startsWith("/pools/none/"))
      );
    });
  });
});

describe("on process nodes", () => {
  let pools: IdentityPools;
  beforeAll(async () => {
    pools = await IdentityPools.open("process");
  });
  afterAll(() => pools?.close());

  test("the environment leads to the endpoint in each of its forms, and there is none without identities", async () => {
    const { clientId } = pools.identities.alpha;
    const path = `?api-version=2018-02-01&resource=${BATCH_AUDIENCE}`;
    for (const line of [
      `curl -s "$AZURE_POD_IDENTITY_AUTHORITY_HOST/metadata/identity/oauth2/token${path}" -H Metadata:true`,
      `curl -s "$AZURE_POD_IDENTITY_AUTHORITY_HOST/metadata/identity/oauth2/token/${path}" -H metadata:TRUE`,
      `curl -s "$IDENTITY_ENDPOINT?api-version=2019-08-01&resource=${BATCH_AUDIENCE}" -H "X-IDENTITY-HEADER: $IDENTITY_HEADER"`,
      `curl -s "$MSI_ENDPOINT" -d "resource=${BATCH_AUDIENCE}" -H Metadata:true`,
    ])
      expect(await pools.json("one", line), line).toMatchObject({ client_id: clientId });
    expect(await pools.run("none", 'echo "$IDENTITY_ENDPOINT$MSI_ENDPOINT"')).toBe("\n");
  });

  test("without the secret there is nothing", async () => {
    const said = await pools.run(
      "one",
      `P=$(echo $IDENTITY_ENDPOINT | cut -d/ -f3); for u in /metadata/identity/oauth2/token /x/metadata/identity/oauth2/token /msi/token; do curl -s -o /dev/null -w '%{http_code} ' "http://$P$u?api-version=2018-02-01&resource=r" -H Metadata:true; done; curl -s -o /dev/null -w '%{http_code}' "$IDENTITY_ENDPOINT?api-version=2019-08-01&resource=r" -H "X-IDENTITY-HEADER: wrong"`,
    );
    expect(said).toBe("404 404 404 401");
  });
});

test("a service without isolation refuses pools with identities unless it was told to take them", async () => {
  const service = await runningService({
    seed: contosoSeed,
    isolation: "process",
    allowUnisolatedIdentities: false,
  });
  try {
    const arm = await ArmClient.signIn(service, applications.contributor);
    await arm.send("PUT", identityId("alpha"), { version: "2023-01-31", body: { location: "westeurope" } });
    const refused = await arm.send("PUT", `${ACCOUNT}/pools/p`, {
      version: VERSION,
      body: pageBody(["alpha"]),
    });
    expect(outcome(refused)).toBe("400 InvalidPropertyValue");
    expect(refused.text).toContain("--allow-unisolated-identities");
  } finally {
    await service.close();
  }
});
