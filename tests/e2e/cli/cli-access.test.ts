import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { batchyard, temporaryFolder, type UpProcess, up } from "../batchyard-process.ts";

const tmp = await temporaryFolder();
const data = ["--data", join(tmp.path, "state")];
const scope = `/subscriptions/${randomUUID()}`;
const [clientId, watched] = [
  randomUUID(),
  { clientId: randomUUID(), clientSecret: `${randomUUID()}${randomUUID()}` },
];

let service: UpProcess;
beforeAll(async () => {
  const seed = join(tmp.path, "seed.json");
  const tenantId = randomUUID();
  const [, , subscriptionId] = scope.split("/");
  const applications = [
    { clientId, displayName: "admin", clientSecret: `${randomUUID()}${randomUUID()}` },
    { ...watched, displayName: "nightly" },
  ];
  const content = {
    tenants: [{ tenantId, domains: ["contoso.example"], applications }],
    subscriptions: [{ subscriptionId, tenantId }],
    accounts: [{ name: "farm", subscriptionId, resourceGroup: "lab", location: "westeurope" }],
    roleAssignments: [
      { principal: clientId, role: "Owner", scope },
      { principal: watched.clientId, role: "Contributor", scope },
    ],
  };
  await writeFile(seed, JSON.stringify(content));
  service = await up([...data, "--seed", seed]);
});
afterAll(async () => {
  await service?.stop();
  await tmp.remove();
});

const cli = (...words: string[]) => {
  const end = words.indexOf("--");
  return batchyard(end < 0 ? [...words, ...data] : [...words.slice(0, end), ...data, ...words.slice(end)]);
};
const widest = (text: string) => Math.max(...text.split("\n").map((line) => line.length));

/** Signs in as the watched application; reads its jobs, and adds a pool when told to. Prints the statuses. */
const program = (addsPool: boolean) => `
  const call = async (url, init) => { const reply = await fetch(url, init); return [reply.status, await reply.text()]; };
  const [, signedIn] = await call("https://login.microsoftonline.com/" + process.env.AZURE_TENANT_ID + "/oauth2/v2.0/token", {
    method: "POST",
    body: new URLSearchParams({ grant_type: "client_credentials", client_id: "${watched.clientId}",
      client_secret: "${watched.clientSecret}", scope: "https://batch.core.windows.net//.default" }) });
  const headers = { authorization: "Bearer " + JSON.parse(signedIn).access_token,
    "content-type": "application/json; odata=minimalmetadata" };
  const url = (path) => process.env.AZURE_BATCH_ENDPOINT + path + "?api-version=2024-07-01.20.0";
  const done = [(await call(url("/jobs"), { headers }))[0]];
  if (${addsPool}) {
    const [status, text] = await call(url("/pools"), { method: "POST", headers, body: JSON.stringify({ id: "p",
      vmSize: "standard_d2s_v3", virtualMachineConfiguration: { imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
      nodeAgentSKUId: "batch.node.debian 12" } }) });
    done.push(status, text);
  }
  console.log(done.join(" "));`;
const node = (addsPool: boolean) => ["--", process.execPath, "--input-type=module", "-e", program(addsPool)];

describe("batchyard access and role", () => {
  it("records what a program uses, and applies it in place of the broad role", async () => {
    const recorded = await cli(
      "access",
      "record",
      "--principal",
      watched.clientId,
      "--name",
      "Nightly",
      "--apply",
      ...node(false),
    );
    expect(recorded).toMatchObject({ code: 0, stderr: expect.stringContaining("200\n") });
    expect(JSON.parse(recorded.stdout)).toEqual({
      properties: {
        roleName: "Nightly",
        type: "CustomRole",
        description: expect.any(String),
        assignableScopes: [scope],
        permissions: [
          {
            actions: [],
            notActions: [],
            dataActions: ["Microsoft.Batch/batchAccounts/jobs/read"],
            notDataActions: [],
          },
        ],
      },
    });
    expect(recorded.stderr).toContain("took back 'Contributor'");

    const again = await cli("run", ...node(true));
    const [jobs, pools, body = ""] = [
      again.stdout.slice(0, 3),
      again.stdout.slice(4, 7),
      again.stdout.slice(8),
    ];
    expect([jobs, pools]).toEqual(["200", "403"]);

    const requestId = /RequestId:([\w-]+)/.exec(body)?.[1] ?? "";
    const explained = await cli("access", "explain", requestId);
    expect(explained.code).toBe(0);
    expect(explained.stdout).toContain("action Microsoft.Batch/batchAccounts/pools/write");
    expect(explained.stdout).toContain("Nightly: the role does not name it");
    expect(widest(explained.stdout)).toBeLessThanOrEqual(80);
    const json = JSON.parse((await cli("access", "explain", requestId, "--json")).stdout);
    expect(json).toMatchObject({ requestId, operation: "Pool_Add" });
  });

  it("does not let the administrator take its own roles", async () => {
    const list = `const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_BATCH_ENDPOINT } = process.env;
      const reply = await fetch("https://login.microsoftonline.com/" + AZURE_TENANT_ID + "/oauth2/v2.0/token", {
        method: "POST", body: new URLSearchParams({ grant_type: "client_credentials", client_id: AZURE_CLIENT_ID,
          client_secret: AZURE_CLIENT_SECRET, scope: "https://batch.core.windows.net//.default" }) });
      const headers = { authorization: "Bearer " + (await reply.json()).access_token };
      await fetch(AZURE_BATCH_ENDPOINT + "/jobs?api-version=2024-07-01.20.0", { headers });`;
    const words = ["--", process.execPath, "--input-type=module", "-e", list];
    const recorded = await cli("access", "record", "--apply", "--json", ...words);
    expect(recorded).toMatchObject({ code: 1, stderr: expect.stringContaining("its own roles") });
    expect(JSON.parse(recorded.stdout).properties.roleName).toMatch(/^Used by admin /);
    expect((await cli("role", "list", "--custom")).stdout).not.toContain("Used by");
  });

  it("checks what a principal may do", async () => {
    const asked = ["access", "check", "--principal", clientId];
    const allowed = await cli(...asked, "--action", "Microsoft.Batch/batchAccounts/pools/write");
    expect(allowed).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Allowed\n[\s\S]*by the role Owner/),
    });
    const denied = await cli(...asked, "--data-action", "Microsoft.Batch/batchAccounts/jobs/read");
    expect(denied).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^Not allowed\n[\s\S]*other field/),
    });
    expect(widest(allowed.stdout + denied.stdout)).toBeLessThanOrEqual(80);
    expect((await cli(...asked)).code).toBe(2);
  });

  it("shows the audit log", async () => {
    const { stdout } = await cli("access", "audit", "--since", "1h", "--json");
    const entries = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(entries.map(({ operation, decision }) => `${operation} ${decision}`)).toEqual(
      expect.arrayContaining(["Microsoft.Authorization/RoleAssignments_Create allowed", "Pool_Add denied"]),
    );
    expect(widest((await cli("access", "audit")).stdout)).toBeLessThanOrEqual(80);
    expect((await cli("access", "audit", "--since", "yesterday")).code).toBe(2);
  });

  it("creates, shows, assigns and takes back a role", async () => {
    const file = join(tmp.path, "role.json");
    await writeFile(file, JSON.stringify({ Name: "Flat", Actions: ["*/read"], AssignableScopes: [scope] }));
    expect((await cli("role", "create", file)).stdout).toMatch(/^Created the role 'Flat'/);
    expect((await cli("role", "list", "--custom")).stdout).toMatch(/Flat/);
    expect(JSON.parse((await cli("role", "show", "flat")).stdout).properties.permissions[0].actions).toEqual([
      "*/read",
    ]);
    const words = ["--principal", watched.clientId, "--role", "Flat", "--scope", scope];
    expect(await cli("role", "assign", ...words)).toMatchObject({ code: 0 });
    const twice = await cli("role", "assign", ...words);
    expect(twice).toMatchObject({ code: 1, stderr: expect.stringContaining("RoleAssignmentExists") });
    expect(await cli("role", "unassign", ...words)).toMatchObject({ code: 0 });
    expect(await cli("role", "unassign", ...words)).toMatchObject({ code: 1 });
  });

  it("tells which subcommands there are", async () => {
    expect((await cli("access")).code).toBe(2);
    expect((await batchyard(["role", "--help"])).stdout).toContain("unassign");
    expect((await batchyard(["role", "assign", "--help"])).stdout).toContain("--principal");
  });
});
