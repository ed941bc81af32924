/** Who may do what on the data plane: credentials that are none, and roles that allow one thing and not the other. */
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accessTokens } from "../../../src/app/directory/access-token.ts";
import { TOKEN_REQUEST } from "../../../src/app/directory/directory.fixture.ts";
import { Directory } from "../../../src/app/directory/directory.ts";
import { openSigningKeys } from "../../../src/app/directory/signing-keys.ts";
import { openSealing } from "../../../src/app/secrets/sealing.ts";
import { openSqliteStore } from "../../../src/store/engine/sqlite-store.ts";
import { jobBody, poolBody, taskBody } from "../batch-bodies.fixture.ts";
import { BATCH_AUDIENCE, BatchClient, type BatchReply } from "../batch-client.fixture.ts";
import {
  applications,
  CONTOSO,
  contosoSeed,
  FABRIKAM,
  foreigner,
  LOCATION,
  signInAll,
} from "../contoso.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

let service: RunningService;
let client: BatchClient;
let signedIn: Awaited<ReturnType<typeof signInAll>>;

beforeAll(async () => {
  service = await runningService({ seed: contosoSeed });
  client = await BatchClient.connect(service);
  signedIn = await signInAll(client);
  await client.post("/jobs", jobBody("seen", "absent"));
});
afterAll(async () => {
  client?.close();
  await service?.close();
});

const detailOf = ({ json }: BatchReply): string =>
  json.values.find(({ key }: { key: string }) => key === "AuthenticationErrorDetail")?.value;

async function refusedWith401(token: string | undefined, detail: RegExp | string): Promise<void> {
  const refused = await client.as(token).send("GET", "/jobs");
  expect(refused).toMatchObject({ status: 401, json: { code: "AuthenticationFailed" } });
  expect(refused.headers["www-authenticate"]).toMatch(/^Bearer/);
  expect(detailOf(refused)).toMatch(detail);
}

describe("a bearer token", () => {
  test("is needed, and must be one", async () => {
    await refusedWith401(undefined, /Authorization/);
    await refusedWith401("", /./);
    await refusedWith401("not.a.token", /./);
  });

  test.each([
    "https://management.azure.com/",
    "https://management.core.windows.net/",
    "https://batch.core.windows.net",
  ])("for %s names the audience it has and the one it should have", async (resource) => {
    const token = await client.token(applications.contributor, resource);
    await refusedWith401(
      token,
      `The access token has been obtained from wrong audience or resource '${resource}'. It should exactly match (including forward slash) with one of the allowed audiences '${BATCH_AUDIENCE}'`,
    );
  });

  test("of another tenant is refused, in whatever way it is asked for", async () => {
    const token = await client.token(foreigner, BATCH_AUDIENCE, FABRIKAM);
    await refusedWith401(token, /tenant/);
  });

  test("whose signature or content was touched is refused", async () => {
    const token = await client.token(applications.contributor);
    const [header = "", payload = "", signature = ""] = token.split(".");
    const flipped = `${signature[0] === "A" ? "B" : "A"}${signature.slice(1)}`;
    await refusedWith401(`${header}.${payload}.${flipped}`, /signature/);
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
    const forged = encoded({ ...claims, exp: claims.exp + 86_400 });
    await refusedWith401(`${header}.${forged}.${signature}`, /signature/);
  });

  test("signed by nobody, by the public key as a secret, or by a stranger is refused", async () => {
    const token = await client.token(applications.contributor);
    const [header = "", payload = ""] = token.split(".");
    await refusedWith401(`${encoded({ typ: "JWT", alg: "none" })}.${payload}.`, /./);
    const hmac = `${encoded({ ...decoded(header), alg: "HS256" })}.${payload}`;
    const publicKeys = (await client.follow(`${service.ready.login}/common/discovery/keys`)).text;
    await refusedWith401(
      `${hmac}.${createHmac("sha256", publicKeys).update(hmac).digest("base64url")}`,
      /signature/,
    );
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const own = `${header}.${payload}`;
    await refusedWith401(
      `${own}.${sign("sha256", Buffer.from(own), privateKey).toString("base64url")}`,
      /signature/,
    );
    const jwk = `${encoded({ ...decoded(header), jwk: publicKey.export({ format: "jwk" }) })}.${payload}`;
    await refusedWith401(
      `${jwk}.${sign("sha256", Buffer.from(jwk), privateKey).toString("base64url")}`,
      /signature/,
    );
  });

  test("that has expired says when, and one of tomorrow that it is too early", async () => {
    const issuedAt = async (time: number): Promise<string> => {
      const store = await openSqliteStore(join(service.folder, "state.db"));
      try {
        const keys = await openSigningKeys(store, openSealing(join(service.folder, "seal.key")), Date.now);
        const directory = new Directory(store);
        const audience = BATCH_AUDIENCE;
        const client = await directory.client(CONTOSO, applications.contributor.clientId);
        const resource = await directory.resource(CONTOSO, audience);
        if (client === undefined || resource === undefined)
          throw new Error("the seeded application is not in the directory");
        const asked = { client, resource, audience, proof: "1", roles: [], request: TOKEN_REQUEST } as const;
        return (await accessTokens(keys, () => time).issueToApplication(asked)).token;
      } finally {
        await store.close();
      }
    };
    const DAY = 86_400_000;
    expect((await client.as(await issuedAt(Date.now())).send("GET", "/jobs")).status).toBe(200);
    await refusedWith401(await issuedAt(Date.now() - DAY), /expired at \d{4}-/);
    await refusedWith401(await issuedAt(Date.now() + DAY), /not valid before \d{4}-/);
  });
});

describe("a shared key", () => {
  const signed = (account: string, key: string, path: string, date = new Date()) => {
    const ocpDate = date.toUTCString();
    const [bare = "", query = ""] = path.split("?");
    const parameters = query.split("&").map((pair) => `\n${pair.replace("=", ":")}`);
    const text = `GET\n\n\n\n\n\n\n\n\n\n\n\nocp-date:${ocpDate}\n/${account}${bare}${parameters.join("")}`;
    const signature = createHmac("sha256", Buffer.from(key, "base64")).update(text).digest("base64");
    return { "ocp-date": ocpDate, authorization: `SharedKey ${account}:${signature}` };
  };
  const path = "/jobs?api-version=2024-07-01.20.0";
  const send = (headers: Record<string, string>) =>
    client.as(undefined).send("GET", path, { headers, version: null });

  test("signs requests of its own account, within a quarter of an hour", async () => {
    const { account, accountKey } = service.ready;
    expect((await send(signed(account, accountKey, path))).status).toBe(200);
    const late = await send(signed(account, accountKey, path, new Date(Date.now() - 16 * 60_000)));
    expect(late).toMatchObject({ status: 403, json: { code: "AuthenticationFailed" } });
    expect(detailOf(late)).toMatch(/15 minutes/);
  });

  test("of another request, account or value is refused without a word on what would fit", async () => {
    const { account, accountKey } = service.ready;
    const wrongKey = Buffer.alloc(64, "k").toString("base64");
    const headers = [
      signed(account, accountKey, "/pools?api-version=2024-07-01.20.0"),
      signed(account, wrongKey, path),
      signed("second", accountKey, path),
      { ...signed(account, accountKey, path), authorization: `SharedKey ${account}` },
      { ...signed(account, accountKey, path), authorization: `SharedKey ${account}:short` },
    ];
    for (const header of headers) {
      const refused = await send(header);
      expect(refused).toMatchObject({ status: 403, json: { code: "AuthenticationFailed" } });
      expect(refused.text).not.toContain(accountKey);
    }
  });
});

describe("roles", () => {
  const refused = async (who: keyof typeof signedIn, method: string, path: string, body?: object) => {
    const reply = await signedIn[who].send(method, path, body === undefined ? {} : { body });
    expect(reply, `${who} ${method} ${path}`).toMatchObject({
      status: 403,
      json: { code: "PermissionDenied" },
    });
    return Object.fromEntries(
      reply.json.values.map(({ key, value }: { key: string; value: string }) => [key, value]),
    );
  };
  const status = async (who: keyof typeof signedIn, method: string, path: string, body?: object) =>
    (await signedIn[who].send(method, path, body === undefined ? {} : { body })).status;

  test("a Reader may list jobs and is refused to add one, told what is missing where", async () => {
    expect(await status("reader", "GET", "/jobs")).toBe(200);
    const values = await refused("reader", "POST", "/jobs", jobBody("new", "p"));
    expect(values).toMatchObject({
      DataAction: "Microsoft.Batch/batchAccounts/jobs/write",
      Scope: expect.stringMatching(/\/batchAccounts\/first$/i),
      PrincipalId: expect.stringMatching(/^[\da-f-]{36}$/),
    });
    expect(values.BuiltInRoles).toContain("Azure Batch Data Contributor");
    expect((await client.list("/jobs")).map(({ id }) => id)).not.toContain("new");
  });

  test("without any role nothing is allowed, and nothing is told of what exists", async () => {
    const unknown = await refused("nobody", "GET", "/jobs/absent");
    const known = await refused("nobody", "GET", "/jobs/seen");
    expect(known).toEqual(unknown);
    await refused("neighbour", "GET", "/jobs");
  });

  test("a data contributor makes pools and jobs", async () => {
    expect(
      await status("dataContributor", "POST", "/pools", poolBody("dc", { targetDedicatedNodes: 0 })),
    ).toBe(201);
    expect(await status("dataContributor", "POST", "/jobs", jobBody("dc", "dc"))).toBe(201);
    expect(await status("dataContributor", "DELETE", "/jobs/dc")).toBe(202);
    expect(await status("dataContributor", "DELETE", "/pools/dc")).toBe(202);
  });

  test("a job submitter makes jobs but no pools, not even by a job", async () => {
    expect(await status("submitter", "POST", "/jobs", jobBody("sub", "p"))).toBe(201);
    expect(await status("submitter", "POST", "/jobs/sub/tasks", taskBody("t", ":"))).toBe(201);
    expect(await status("submitter", "DELETE", "/jobs/sub/tasks/t")).toBe(200);
    expect(await refused("submitter", "POST", "/pools", poolBody("p"))).toMatchObject({
      Action: "Microsoft.Batch/batchAccounts/pools/write",
    });
    const autoPool = {
      autoPoolSpecification: {
        poolLifetimeOption: "job",
        pool: {
          vmSize: "standard_d2s_v3",
          virtualMachineConfiguration: poolBody("x").virtualMachineConfiguration,
        },
      },
    };
    const values = await refused("submitter", "POST", "/jobs", { id: "auto", poolInfo: autoPool });
    expect(values).toMatchObject({ Action: "Microsoft.Batch/batchAccounts/pools/write" });
  });

  test.each(["accountReader", "reader"] as const)("%s reads everything and changes nothing", async (who) => {
    for (const path of [
      "/jobs",
      "/jobs/seen",
      "/jobs/seen/tasks",
      "/pools",
      "/nodecounts",
      "/supportedimages",
    ]) {
      expect(await status(who, "GET", path), path).toBe(200);
    }
    await refused(who, "DELETE", "/jobs/seen");
    await refused(who, "POST", "/jobs/seen/terminate");
    await refused(who, "POST", "/pools", poolBody("p"));
    expect((await client.get("/jobs/seen")).state).toBe("active");
  });

  test.each(["owner", "contributor"] as const)("%s may do all", async (who) => {
    expect(await status(who, "POST", "/jobs", jobBody(who, "p"))).toBe(201);
    expect(await status(who, "DELETE", `/jobs/${who}`)).toBe(202);
  });
});

describe("accounts", () => {
  const second = { headers: { host: `second.${LOCATION}.batch.azure.com` } };

  test("know nothing of each other's resources", async () => {
    await client.post("/jobs", jobBody("mine", "p"));
    const listed = await client.must("GET", "/jobs", second);
    expect(listed.json.value).toEqual([]);
    expect((await client.send("GET", "/jobs/mine", second)).status).toBe(404);
    expect((await client.send("DELETE", "/jobs/mine", second)).status).toBe(404);
    await client.must("POST", "/jobs", { ...second, body: jobBody("mine", "other") });
    expect((await client.get("/jobs/mine")).poolInfo.poolId).toBe("p");
  });

  test("have assignments of their own", async () => {
    expect((await signedIn.neighbour.send("GET", "/jobs", second)).status).toBe(200);
    expect((await signedIn.owner.send("GET", "/jobs", second)).status).toBe(403);
  });

  test("under a wrong location or name are not there", async () => {
    for (const host of [`first.eastus.batch.azure.com`, `third.${LOCATION}.batch.azure.com`]) {
      expect((await client.send("GET", "/jobs", { headers: { host } })).status, host).toBe(404);
    }
  });
});

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decoded(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, "base64url").toString());
}
