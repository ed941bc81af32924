/**
 * Identities of pools, used by tasks: the requests of the page "Configure managed identities in Batch pools", and who gets no
 * token. On nodes of both kinds.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { namespaceObstacle } from "../../e2e/nodes/namespace-nodes.ts";
import {
  ACCOUNT,
  IdentityPools,
  identityId,
  NAMES,
  pageBody,
  VERSION,
} from "../arm/identity-pools.fixture.ts";
import { ArmClient, outcome } from "../arm-client.fixture.ts";
import { BATCH_AUDIENCE, type Json } from "../batch-client.fixture.ts";
import { applications, contosoSeed } from "../contoso.fixture.ts";
import { eventually } from "../eventually.fixture.ts";
import { runningService } from "../running-service.fixture.ts";

const claimsOf = (token: string): Json =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

/** What the two PowerShells make of the page's Invoke-RestMethod line, as their HTTP stacks write it. */
const POWERSHELL = {
  "Windows PowerShell 5.1": [
    "Metadata: true",
    "User-Agent: Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.19041.5247",
    "Host: 169.254.169.254",
    "Connection: Keep-Alive",
  ],
  "PowerShell 7": [
    "Host: 169.254.169.254",
    "User-Agent: Mozilla/5.0 (Debian GNU/Linux 12 (bookworm)) PowerShell/7.4.6",
    "Metadata: true",
    "Accept-Encoding: gzip, deflate, br",
  ],
};

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

  test("a token for the exchange, from inside the node, is in the form that another application presents as its credential", async () => {
    const exchange = "api://AzureADTokenExchange";
    const query = new URLSearchParams({ "api-version": "2018-02-01", resource: exchange });
    const line = `curl -s 'http://169.254.169.254/metadata/identity/oauth2/token?${query}' -H Metadata:true`;
    const { access_token } = await pools.json("one", line);
    const { principalId } = pools.identities.alpha;
    const { tenantId } = pools.service.ready;
    const issuer = `https://login.microsoftonline.com/${tenantId}/v2.0`;
    expect(claimsOf(access_token)).toMatchObject({
      iss: issuer,
      aud: exchange,
      sub: principalId,
      ver: "2.0",
    });
  });

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

  test.each(Object.entries(POWERSHELL))("the page's line for %s gives a token", async (_, headers) => {
    const target = `/metadata/identity/oauth2/token?api-version=2018-02-01&resource=${BATCH_AUDIENCE}`;
    const bytes = [`GET ${target} HTTP/1.1`, ...headers, "", ""].join("\r\n");
    // Only after it: both keep the connection, and this one ends it.
    const last = "GET / HTTP/1.1\r\nHost: 169.254.169.254\r\nConnection: close\r\n\r\n";
    const said = await pools.run(
      "one",
      `exec 3<>/dev/tcp/169.254.169.254/80; printf %s '${bytes}${last}' >&3; cat <&3`,
      { shell: "/bin/bash" },
    );
    const [head = "", body = ""] = said.split("\r\n\r\n");
    expect(head).toMatch(/^HTTP\/1.1 200 /);
    expect(JSON.parse(body.slice(0, body.indexOf("}") + 1))).toMatchObject({
      client_id: pools.identities.alpha.clientId,
      token_type: "Bearer",
    });
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
    const path = `/pools/one/nodes/${node.id}`;
    const asked = (by: string, value: string) =>
      `${path}?${new URLSearchParams({ resource: BATCH_AUDIENCE, [by]: value })}`;
    await eventually("the audit log", () => {
      const denied = pools.audited().filter(({ decision }) => decision === "denied");
      const has = (target: string, missing: string) =>
        denied.some((line) => line.target.startsWith(target) && line.missing.startsWith(missing));
      return (
        has(asked("client_id", clientId), "Identity not found") &&
        has(asked("object_id", principalId), "Identity not found") &&
        has(asked("mi_res_id", identityId("beta")), "Identity not found") &&
        has("/pools/none/", "Identity not found") &&
        has(`${path} /metadata/identity/oauth2/token`, "Forwarded requests are not answered") &&
        has(`${path} /metadata/identity/oauth2/token`, "Required metadata header not specified")
      );
    });
    const [task] = (await pools.batch.get("/jobs/one/tasks")).value;
    for (const { caller } of pools.audited().filter(({ decision }) => decision === "denied")) {
      expect(caller).toMatchObject({ principalId: null, principalType: "Task" });
      if (caller.task) expect(caller.task.taskId.length).toBe(task.id.length);
    }
    expect(pools.audited().some(({ caller }) => caller.task?.jobId === "one")).toBe(true);
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
