/** "Why was I refused?", asked over HTTP: denials explained, access checked, writes audited, the smallest role recorded. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sendDescribed } from "../arm-client.fixture.ts";
import { jobBody, poolBody } from "../batch-bodies.fixture.ts";
import { BatchClient, type Json } from "../batch-client.fixture.ts";
import {
  applications,
  CONTOSO,
  contosoSeed,
  FABRIKAM,
  foreigner,
  SUBSCRIPTION,
  signInAll,
} from "../contoso.fixture.ts";
import type { RawReply } from "../raw-request.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const ARM = "https://management.azure.com/";
const ACCOUNT_SCOPE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/lab/providers/Microsoft.Batch/batchAccounts/first`;

let service: RunningService;
let client: BatchClient;
let signedIn: Awaited<ReturnType<typeof signInAll>>;
const armTokens = new Map<string, string>();

beforeAll(async () => {
  service = await runningService({ seed: contosoSeed });
  client = await BatchClient.connect(service);
  signedIn = await signInAll(client);
  for (const application of Object.values(applications)) {
    armTokens.set(application.clientId, await client.token(application, ARM));
  }
  armTokens.set(foreigner.clientId, await client.token(foreigner, ARM, FABRIKAM));
});
afterAll(async () => {
  client?.close();
  await service?.close();
});

type Who = { readonly clientId: string };

function manage(who: Who, method: string, path: string, body?: object): Promise<RawReply> {
  const port = Number(new URL(service.ready.management).port);
  return sendDescribed(
    { main: { port }, ca: service.ca },
    {
      method,
      path,
      headers: { authorization: `Bearer ${armTokens.get(who.clientId)}` },
      ...(body && { body: JSON.stringify(body) }),
    },
  );
}

const ask = (who: Who, method: string, path: string, body?: object) =>
  manage(
    who,
    method,
    `/providers/Batchyard.Access/${path}${path.includes("?") ? "&" : "?"}api-version=2026-01-01`,
    body,
  );

const reader = applications.reader;
const refusedPool = async () => {
  const refused = await signedIn.reader.send("POST", "/pools", { body: poolBody("p") });
  expect(refused.status).toBe(403);
  return refused;
};

describe("a denied request", () => {
  test("says in its values what is missing and why the caller's roles did not help", async () => {
    const { json } = await refusedPool();
    const values = Object.fromEntries(json.values.map(({ key, value }: Json) => [key, value]));
    expect(values).toMatchObject({
      Action: "Microsoft.Batch/batchAccounts/pools/write",
      RoleAssignments: expect.stringMatching(/^Reader at \/subscriptions\/.*: not-granted$/),
      BuiltInRoles: "Azure Batch Data Contributor, Azure Batch Account Contributor, Contributor, Owner",
    });
  });

  test("is explained to its sender and to who may read role assignments, and does not exist for others", async () => {
    const { headers } = await refusedPool();
    const path = `denials/${headers["request-id"]}`;
    const own = await ask(reader, "GET", path);
    expect(own).toMatchObject({
      status: 200,
      json: {
        operation: "Pool_Add",
        caller: { tenantId: CONTOSO, appId: reader.clientId, principalType: "ServicePrincipal" },
        missing: { name: "Microsoft.Batch/batchAccounts/pools/write", kind: "action" },
        considered: [{ roleName: "Reader", why: "not-granted" }],
        target: "/pools",
      },
    });
    expect(await ask(applications.contributor, "GET", path)).toMatchObject({ status: 200, json: own.json });
    for (const other of [applications.nobody, foreigner]) {
      expect(await ask(other, "GET", path)).toMatchObject({
        status: 404,
        json: { error: { code: "DenialNotFound" } },
      });
    }
  });

  test("of Resource Manager is explained alike", async () => {
    const refused = await manage(reader, "POST", `${ACCOUNT_SCOPE}/listKeys?api-version=2023-11-01`);
    expect(refused.status).toBe(403);
    const { json } = await ask(reader, "GET", `denials/${refused.headers["x-ms-request-id"]}`);
    expect(json).toMatchObject({
      plane: "arm",
      operation: "Microsoft.Batch/BatchAccount_GetKeys",
      missing: { name: "Microsoft.Batch/batchAccounts/listKeys/action" },
      builtInRoles: ["Azure Batch Account Contributor", "Contributor", "Owner"],
    });
  });
});

describe("checking access", () => {
  const check = (who: Who, principal: string, permission: object, scope = ACCOUNT_SCOPE) =>
    ask(who, "POST", "checkAccess", { principal, scope, ...permission });

  test("tells what grants, or why nothing does", async () => {
    const action = { action: "Microsoft.Batch/batchAccounts/pools/read" };
    expect(await check(reader, reader.clientId, action)).toMatchObject({
      status: 200,
      json: { allowed: true, by: { roleName: "Reader", pattern: "*/read" }, considered: [] },
    });
    const dataAction = { dataAction: "Microsoft.Batch/batchAccounts/jobs/read" };
    expect(await check(reader, reader.clientId, dataAction)).toMatchObject({
      json: { allowed: false, considered: [{ why: "other-field" }], operations: { allowed: true } },
    });
  });

  test("of others needs to read role assignments", async () => {
    const action = { action: "*/read" };
    expect(await check(applications.nobody, reader.clientId, action)).toMatchObject({ status: 403 });
    expect(await check(applications.nobody, applications.nobody.clientId, action)).toMatchObject({
      status: 200,
    });
    expect(await check(foreigner, reader.clientId, action)).toMatchObject({
      status: 404,
      json: { error: { code: "PrincipalNotFound" } },
    });
  });

  test.each([
    [{ action: "a/read", dataAction: "a/read" }, ACCOUNT_SCOPE, "BadRequestFormat"],
    [{}, ACCOUNT_SCOPE, "BadRequestFormat"],
    [{ action: 7 }, ACCOUNT_SCOPE, "BadRequestFormat"],
    [{ action: "a/read" }, "/subscriptions/../x", "InvalidScope"],
  ])("%o at %s: %s", async (permission, scope, code) => {
    expect(await check(reader, reader.clientId, permission, scope)).toMatchObject({
      status: 400,
      json: { error: { code } },
    });
  });
});

describe("the audit log", () => {
  test("has a line for each write and each denial, with what decided, and none for reads", async () => {
    const since = new Date().toISOString();
    await client.post("/jobs", jobBody("audited", "absent"));
    await client.get("/jobs/audited");
    await refusedPool();
    const { json } = await ask(applications.contributor, "GET", `audit?since=${since}`);
    expect(json.value).toMatchObject([
      {
        operation: "Job_Add",
        decision: "allowed",
        by: [{ roleName: "Contributor" }],
        status: 201,
        target: "/jobs",
      },
      {
        operation: "Pool_Add",
        decision: "denied",
        missing: "Microsoft.Batch/batchAccounts/pools/write",
        status: 403,
      },
    ]);
    const own = await ask(reader, "GET", `audit?since=${since}&principal=${reader.clientId}`);
    expect(own.json.value.map(({ operation }: Json) => operation)).toEqual(["Pool_Add"]);
    expect((await ask(applications.nobody, "GET", `audit?since=${since}`)).json.value).toEqual([]);
    expect((await ask(foreigner, "GET", `audit?since=${since}`)).json.value).toEqual([]);
  });

  test("holds no body, token or key", () => {
    const text = readFileSync(join(service.folder, "audit", "audit.jsonl"), "utf8");
    expect(text).toContain("Job_Add");
    for (const secret of ["poolInfo", "eyJ", service.ready.accountKey, applications.reader.clientSecret]) {
      expect(text).not.toContain(secret);
    }
  });
});

describe("a recording", () => {
  const recording = (who: Who, method: string, name: string, body?: object) =>
    ask(who, method, `recordings/${name}`, body);
  const contributor = applications.contributor;

  test("becomes a role of what was used: own permissions, not the broad one that granted them", async () => {
    const started = await recording(contributor, "PUT", contributor.clientId, {
      scope: ACCOUNT_SCOPE,
      seconds: 60,
    });
    expect(started).toMatchObject({ status: 200, json: { role: null, assignAt: null } });
    await signedIn.contributor.post("/jobs", jobBody("recorded", "absent"));
    await signedIn.contributor.get("/jobs/recorded");
    await signedIn.contributor.get("/pools");
    await signedIn.reader.get("/nodecounts");
    const { json } = await recording(contributor, "DELETE", contributor.clientId);
    expect(json.assignAt).toBe(ACCOUNT_SCOPE);
    expect(json.role.properties).toMatchObject({
      type: "CustomRole",
      permissions: [
        {
          actions: ["Microsoft.Batch/batchAccounts/pools/read"],
          notActions: [],
          dataActions: [
            "Microsoft.Batch/batchAccounts/jobs/read",
            "Microsoft.Batch/batchAccounts/jobs/write",
          ],
          notDataActions: [],
        },
      ],
    });
    expect(await recording(contributor, "GET", contributor.clientId)).toMatchObject({ status: 404 });
  });

  test("of another needs to read role assignments", async () => {
    const body = { scope: ACCOUNT_SCOPE, seconds: 60 };
    expect(await recording(applications.nobody, "PUT", reader.clientId, body)).toMatchObject({ status: 403 });
    expect(await recording(reader, "PUT", applications.nobody.clientId, body)).toMatchObject({ status: 200 });
  });
});

test.each([
  ["GET", "nothing"],
  ["POST", "denials/x"],
  ["GET", "denials"],
  ["GET", "audit/x"],
  ["GET", "recordings/x/y"],
])("%s %s is not there", async (method, path) => {
  expect(await ask(reader, method, path)).toMatchObject({ status: 404 });
});
