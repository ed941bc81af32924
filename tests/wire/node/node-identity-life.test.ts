/**
 * How long a token of a node's identity serves: the same until it nears its end, by the service's clock; and no longer than its
 * identity. The service's clock is moved by `--test-controls`, as `batchyard clock advance` does it.
 */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GLOBAL_ADMINISTRATOR } from "../../../src/wire/entra/directory-roles.ts";
import { AZURE_CLI_APP_ID } from "../../../src/wire/entra/first-party.ts";
import { IdentityPools, identityId } from "../arm/identity-pools.fixture.ts";
import { outcome } from "../arm-client.fixture.ts";
import { BATCH_AUDIENCE, type Json } from "../batch-client.fixture.ts";
import { CONTOSO, contosoSeed } from "../contoso.fixture.ts";
import { postForm, send } from "../raw-request.fixture.ts";

const HOUR_MS = 3_600_000;
const DAY_SECONDS = 86_400;

const ADMINISTRATOR = {
  userPrincipalName: "admin@contoso.example",
  displayName: "Administrator",
  password: `${randomUUID()}Aa`,
  directoryRoles: [GLOBAL_ADMINISTRATOR.displayName],
};

let pools: IdentityPools;

beforeAll(async () => {
  const [contoso, ...others] = contosoSeed.tenants;
  const seed = { ...contosoSeed, tenants: [{ ...contoso, users: [ADMINISTRATOR] }, ...others] };
  pools = await IdentityPools.open("process", [], { testControls: true, seed });
});
afterAll(() => pools?.close());

/** Without a client of the data plane, whose own token would have ended too: the node's endpoint is asked directly. */
async function ask(pool: string): Promise<Json> {
  const endpoint =
    endpoints.get(pool) ?? (await pools.run(pool, 'printf %s "$AZURE_POD_IDENTITY_AUTHORITY_HOST"'));
  endpoints.set(pool, endpoint);
  const url = `${endpoint}/metadata/identity/oauth2/token?api-version=2018-02-01&resource=${BATCH_AUDIENCE}`;
  return (await fetch(url, { headers: { metadata: "true" } })).json();
}
const endpoints = new Map<string, string>();

async function advance(hours: number): Promise<void> {
  const reply = await fetch(`${pools.service.ready.plain}/test-controls/clock`, {
    method: "POST",
    body: JSON.stringify({ advanceMilliseconds: hours * HOUR_MS }),
  });
  expect(reply.status).toBe(200);
}

/** Tells an agent's message from the one before: the service's order to it and the next request take different ways. */
async function askUntil(pool: string, holds: (reply: Json) => boolean): Promise<Json> {
  for (;;) {
    const reply = await ask(pool);
    if (holds(reply)) return reply;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const claimsOf = (token: string): Json =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

test("a disabled identity gets no token, not even the one from before; enabled again it does", async () => {
  await ask("one");
  const door = pools.door();
  const form = {
    grant_type: "password",
    client_id: AZURE_CLI_APP_ID,
    resource: "https://graph.microsoft.com/",
    username: ADMINISTRATOR.userPrincipalName,
    password: ADMINISTRATOR.password,
  };
  const signedIn = await postForm(door, `/${CONTOSO}/oauth2/token`, form);
  const enable = async (accountEnabled: boolean) => {
    const { principalId } = pools.identities.alpha;
    const changed = await send(door, {
      method: "PATCH",
      path: `/v1.0/servicePrincipals/${principalId}`,
      host: "graph.microsoft.com",
      headers: {
        authorization: `Bearer ${signedIn.json.access_token}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ accountEnabled }),
    });
    expect(changed.status, changed.text).toBe(204);
  };
  await enable(false);
  const refused = await askUntil("one", ({ error }) => error !== undefined);
  expect(refused).toEqual({
    error: "unauthorized_client",
    error_description: expect.stringMatching(/^AADSTS7000112: .* is disabled/),
  });
  await enable(true);
  await askUntil("one", ({ access_token }) => access_token !== undefined);
});

test("a deleted identity gets no token, and neither does one that is made anew under its name", async () => {
  await pools.add("last", ["beta"]);
  await ask("last");
  expect(outcome(await pools.arm.send("DELETE", identityId("beta"), { version: "2023-01-31" }))).toBe(200);
  const refused = await askUntil("last", ({ error }) => error !== undefined);
  expect(refused).toEqual({ error: "invalid_request", error_description: "Identity not found" });
  await pools.addIdentity("beta");
  expect(await ask("last")).toEqual(refused);
});

// Last: the tokens of the test's own clients end with it.
test("the same token until five minutes before its end by the service's clock, told with what is left", async () => {
  const first = await ask("one");
  expect(Number(first.expires_in)).toBeLessThanOrEqual(DAY_SECONDS);
  await advance(20);
  const later = await askUntil("one", ({ expires_in }) => Number(expires_in) < 5 * 3_600);
  expect(later.access_token).toBe(first.access_token);
  expect(later.expires_on).toBe(first.expires_on);
  expect(Number(later.expires_in)).toBeGreaterThan(3 * 3_600);
  await advance(5);
  const next = await askUntil("one", ({ access_token }) => access_token !== first.access_token);
  expect(Number(next.expires_on) - Number(first.expires_on)).toBeGreaterThanOrEqual(25 * 3_600 - 60);
  const { iat, exp } = claimsOf(next.access_token);
  // It begins five minutes in the past.
  expect(exp - iat).toBe(DAY_SECONDS + 300);
  expect((await ask("one")).access_token).toBe(next.access_token);
});
