/**
 * Two tenants, three subscriptions, five accounts: each account's contributor tries every operation of both planes on every other
 * account, its group and its subscription, by id and by list. Nothing is told, nothing is changed.
 */
import { randomUUID } from "node:crypto";
import { Agent, request } from "node:https";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ArmOperationId, armOperations } from "../../../src/wire/arm/operations.ts";
import { batchOperations } from "../../../src/wire/batch/operations.gen.ts";
import { ArmClient } from "../arm-client.fixture.ts";
import { BATCH_AUDIENCE } from "../batch-client.fixture.ts";
import { armReplyProblems } from "../described-arm-reply.fixture.ts";
import { replyProblems } from "../described-reply.fixture.ts";
import { postForm } from "../raw-request.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const [ONE, OTHER] = [randomUUID(), randomUUID()];
const [FIRST, SECOND, THIRD] = [randomUUID(), randomUUID(), randomUUID()];

interface Household {
  readonly name: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const household = (name: string, tenantId: string, subscriptionId: string): Household => ({
  name,
  tenantId,
  subscriptionId,
  clientId: randomUUID(),
  clientSecret: `${randomUUID()}${randomUUID()}`,
});
const households = [
  household("alpha", ONE, FIRST),
  household("bravo", ONE, FIRST),
  household("carol", ONE, SECOND),
  household("delta", OTHER, THIRD),
  household("echos", OTHER, THIRD),
];
const owners = [ONE, OTHER].map((tenantId) => household("owner", tenantId, tenantId === ONE ? FIRST : THIRD));

const groupOf = ({ name, subscriptionId }: Household) =>
  `/subscriptions/${subscriptionId}/resourceGroups/group-${name}`;
const accountOf = (who: Household) => `${groupOf(who)}/providers/Microsoft.Batch/batchAccounts/${who.name}`;

const seed = {
  tenants: [ONE, OTHER].map((tenantId, n) => ({
    tenantId,
    domains: [`tenant${n}.example`],
    applications: [...households, ...owners]
      .filter((who) => who.tenantId === tenantId)
      .map(({ clientId, clientSecret }) => ({ clientId, clientSecret })),
  })),
  subscriptions: [
    { subscriptionId: FIRST, tenantId: ONE },
    { subscriptionId: SECOND, tenantId: ONE },
    { subscriptionId: THIRD, tenantId: OTHER },
  ],
  accounts: households.map(({ name, subscriptionId }) => ({
    name,
    subscriptionId,
    resourceGroup: `group-${name}`,
    location: "westeurope",
  })),
  roleAssignments: [
    ...households.map((who) => ({ principal: who.clientId, role: "Contributor", scope: accountOf(who) })),
    ...[FIRST, SECOND].map((id) => ({
      principal: owners[0]?.clientId,
      role: "Owner",
      scope: `/subscriptions/${id}`,
    })),
    { principal: owners[1]?.clientId, role: "Owner", scope: `/subscriptions/${THIRD}` },
  ],
};

let service: RunningService;
let agent: Agent;
let owning: ArmClient[];
const ports = new Map<string, number>();

beforeAll(async () => {
  service = await runningService({ seed });
  agent = new Agent({ keepAlive: true, ca: service.ca });
  owning = await Promise.all(owners.map((who) => ArmClient.signIn(service, who, who.tenantId)));
  for (const who of households) {
    const owner = owningOf(who);
    const tags = { note: `secret-of-${who.name}` };
    const account = await owner.send("PATCH", accountOf(who), { version: "2024-07-01", body: { tags } });
    ports.set(who.name, Number(account.json.properties.accountEndpoint.split(":")[1]));
    await owner.send("PATCH", groupOf(who), { version: "2021-04-01", body: { tags } });
  }
});
afterAll(async () => {
  agent?.destroy();
  await service?.close();
});

const owningOf = ({ tenantId }: Household): ArmClient => owning[tenantId === ONE ? 0 : 1] as ArmClient;

async function tokenOf({ tenantId, clientId, clientSecret }: Household, resource: string): Promise<string> {
  const door = { main: { port: Number(new URL(service.ready.management).port) }, ca: service.ca };
  const form = {
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
    resource,
  };
  return (await postForm(door, `/${tenantId}/oauth2/token`, form)).json.access_token;
}

function call(
  port: number,
  token: string,
  method: string,
  path: string,
): Promise<{ status: number; text: string }> {
  const hasBody = ["PUT", "POST", "PATCH"].includes(method);
  const headers = {
    authorization: `Bearer ${token}`,
    ...(hasBody && { "content-type": "application/json" }),
  };
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "localhost", port, agent, method, path, headers }, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      incoming.on("end", () => {
        const status = incoming.statusCode ?? 0;
        const isJson = incoming.headers["content-type"]?.includes("json") && text !== "";
        const json = isJson ? JSON.parse(text) : undefined;
        const [plain = "", query] = path.split("?");
        const version = new URLSearchParams(query).get("api-version") ?? "";
        const { headers } = incoming;
        const problems =
          port === Number(new URL(service.ready.management).port)
            ? armReplyProblems({ method, path: plain, version, status, json })
            : replyProblems({
                method,
                path: plain,
                version,
                status,
                json,

                headers,
                isSelection: false,
              });
        if (problems.length === 0) resolve({ status, text });
        else reject(new Error(`${method} ${path} is not as described:\n${problems.join("\n")}\n${text}`));
      });
    });
    outgoing.on("error", reject);
    outgoing.end(hasBody ? JSON.stringify({ location: "westeurope", tags: { stolen: "yes" } }) : undefined);
  });
}

/** Everything about the subscriptions that their owners can read. */
const everything = async () => {
  const replies = await Promise.all(
    [FIRST, SECOND, THIRD].flatMap((id) => {
      const owner = owning[id === THIRD ? 1 : 0] as ArmClient;
      const at = `/subscriptions/${id}`;
      return [
        owner.send("GET", `${at}/resourcegroups`, { version: "2021-04-01" }),
        owner.send("GET", `${at}/providers/Microsoft.Batch/batchAccounts`, { version: "2024-07-01" }),
        owner.send("GET", `${at}/providers/Microsoft.Authorization/roleAssignments`, {
          version: "2022-04-01",
        }),
        owner.send("GET", `${at}/providers/Microsoft.Authorization/roleDefinitions`, {
          version: "2022-04-01",
        }),
      ];
    }),
  );
  const keys = await Promise.all(
    households.map((who) =>
      owningOf(who).send("POST", `${accountOf(who)}/listKeys`, { version: "2024-07-01" }),
    ),
  );
  return [...replies, ...keys].map(({ json }) => json);
};

/** A request for every operation that names something of the household's. */
const managementRequests = (target: Household) =>
  (Object.keys(armOperations) as ArmOperationId[])
    .map((id) => ({ id, ...armOperations[id] }))
    .filter(({ path }) => /\{(subscriptionId|scope)\}/.test(path))
    .map(({ id, method, path, apiVersions }) => {
      const values: Record<string, string> = {
        "/{scope}": accountOf(target),
        "{subscriptionId}": target.subscriptionId,
        "{resourceGroupName}": `group-${target.name}`,
        "{accountName}": target.name,
        "{resourceProviderNamespace}": "Microsoft.Batch",
        "/{parentResourcePath}": "",
        "{resourceType}": "batchAccounts",
        "{resourceName}": target.name,
        "{locationName}": "westeurope",
      };
      const filled = Object.entries(values)
        .reduce((text, [parameter, value]) => text.replace(parameter, value), path as string)
        .replace(/\{\w+\}/g, randomUUID());
      return { id, method, path: `${filled}?api-version=${apiVersions.at(-1)}` };
    });

test("management tells a stranger nothing and lets it change nothing", { timeout: 120_000 }, async () => {
  const before = await everything();
  const port = Number(new URL(service.ready.management).port);
  for (const who of households) {
    const token = await tokenOf(who, "https://management.azure.com/");
    const own = await call(port, token, "GET", `${accountOf(who)}?api-version=2024-07-01`);
    expect(own.text).toContain(`secret-of-${who.name}`);
    for (const target of households.filter(({ name }) => name !== who.name)) {
      const isForeign = target.tenantId !== who.tenantId;
      for (const { id, method, path } of managementRequests(target)) {
        const { status, text } = await call(port, token, method, path);
        const what = `${who.name} ${id} ${path}: ${status} ${text}`;
        if (isForeign) {
          expect(status, what).toBe(401);
          if (method !== "HEAD") expect(text, what).toContain("InvalidAuthenticationTokenTenant");
        } else if (status < 400) {
          // A list of what the caller may read itself.
          expect(method, what).toBe("GET");
          expect(text, what).not.toMatch(new RegExp(`${target.name}|secret-of-${target.name}`));
        } else {
          expect(status, what).toBe(403);
          if (method !== "HEAD") expect(text, what).toContain("AuthorizationFailed");
        }
        expect(text, what).not.toContain(`secret-of-${target.name}`);
      }
    }
    const subscriptions = await call(port, token, "GET", "/subscriptions?api-version=2022-12-01");
    const seen = JSON.parse(subscriptions.text).value as { subscriptionId: string }[];
    expect(seen.map(({ subscriptionId }) => subscriptionId)).toEqual([who.subscriptionId]);
  }
  expect(await everything()).toEqual(before);
});

test("the data plane tells a stranger nothing and lets it change nothing", { timeout: 120_000 }, async () => {
  const before = await everything();
  const operations = Object.entries(batchOperations).filter(([, { until }]) => until > 10);
  for (const who of households) {
    const token = await tokenOf(who, BATCH_AUDIENCE);
    const own = await call(ports.get(who.name) ?? 0, token, "GET", "/jobs?api-version=2024-07-01.20.0");
    expect(own.status, own.text).toBe(200);
    for (const target of households.filter(({ name }) => name !== who.name)) {
      const isForeign = target.tenantId !== who.tenantId;
      for (const [id, { method, path }] of operations) {
        const filled = path.replace(/\{\w+\}/g, "x");
        const port = ports.get(target.name) ?? 0;
        const { status, text } = await call(port, token, method, `${filled}?api-version=2024-07-01.20.0`);
        const what = `${who.name} ${id} of ${target.name}: ${status} ${text}`;
        // What is wrong with a body is said before whether its sender may; neither tells what there is.
        if (isForeign) expect(status, what).toBe(401);
        else expect([400, 403], what).toContain(status);
        if (status === 400)
          expect(text, what).toMatch(/Invalid(Uri|RequestBody)|MissingRequired|QueryParameter/);
      }
    }
  }
  expect(await everything()).toEqual(before);
});
