/** Programs in browsers, of any page, can call Resource Manager and Microsoft Graph with a token. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Management, openManagement, tenant } from "../management.fixture.ts";
import { send } from "../raw-request.fixture.ts";

const ORIGIN = "https://app.example:3000";
let management: Management;

beforeAll(async () => {
  const none = { subscriptions: [], accounts: [], roleAssignments: [] };
  management = await openManagement({ tenants: [tenant(randomUUID(), [])], ...none }, () => undefined);
});
afterAll(() => management.close());

const PATHS = [
  ["management.azure.com", "/subscriptions?api-version=2022-12-01"],
  ["management.azure.com", `/subscriptions/${randomUUID()}/resourceGroups/lab?api-version=2021-04-01`],
  ["graph.microsoft.com", "/v1.0/me"],
] as const;

test.each(PATHS)("a preflight at %s is answered without a token", async (host, path) => {
  const reply = await send(management, {
    method: "OPTIONS",
    host,
    path,
    headers: {
      origin: ORIGIN,
      "access-control-request-method": "PATCH",
      "access-control-request-headers": "authorization,content-type,x-ms-client-request-id",
    },
  });
  expect(reply.status).toBe(200);
  expect(reply.headers).toMatchObject({
    "access-control-allow-origin": "*",
    "access-control-allow-methods": expect.stringContaining("PATCH"),
    "access-control-allow-headers": "authorization,content-type,x-ms-client-request-id",
  });
  expect(reply.headers).not.toHaveProperty("access-control-allow-credentials");
});

test.each(PATHS)("a refusal at %s is the page's to read", async (host, path) => {
  const reply = await send(management, { host, path, headers: { origin: ORIGIN } });
  expect(reply.status).toBe(401);
  expect(reply.headers["access-control-allow-origin"]).toBe("*");
  expect(reply.headers["access-control-expose-headers"]).toContain("request-id");
});

test("a program that is no page sees none of this, and OPTIONS of its own is no preflight", async () => {
  const [host, path] = PATHS[0];
  const plain = await send(management, { host, path });
  expect(plain.headers).not.toHaveProperty("access-control-allow-origin");
  expect((await send(management, { method: "OPTIONS", host, path })).status).toBe(401);
});
