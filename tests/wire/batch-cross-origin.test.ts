/** Calls of an account's endpoint by a page's script, as a browser sends them (Fetch Standard, "CORS protocol"). */
import { afterAll, beforeAll, expect, test } from "vitest";
import { BatchClient, NEWEST_DESCRIBED } from "./batch-client.fixture.ts";
import { type RunningService, runningService } from "./running-service.fixture.ts";

let service: RunningService;
let batch: BatchClient;
let origin: string;
beforeAll(async () => {
  service = await runningService();
  batch = await BatchClient.connect(service);
  origin = `http://localhost:${new URL(service.ready.plain).port}`;
});
afterAll(async () => {
  batch?.close();
  await service?.close();
});

const preflight = (from: string) => ({
  origin: from,
  "access-control-request-method": "POST",
  "access-control-request-headers": "authorization,client-request-id,content-type",
});

test("the service's own pages may send what a Batch client sends", async () => {
  const reply = await batch.as(undefined).send("OPTIONS", "/pools", { headers: preflight(origin) });
  expect(reply.status).toBe(204);
  expect(reply.headers).toMatchObject({
    "access-control-allow-origin": origin,
    "access-control-allow-headers": "authorization,client-request-id,content-type",
    vary: "origin",
  });
  for (const method of ["POST", "PATCH", "PUT", "DELETE"])
    expect(reply.headers["access-control-allow-methods"]).toContain(method);
});

test("a page reads what it asked for, its validators and its own request id", async () => {
  const headers = {
    origin,
    "client-request-id": "11111111-2222-3333-4444-555555555555",
    "return-client-request-id": "true",
  };
  const reply = await batch.send("GET", "/pools", { headers });
  expect(reply.status).toBe(200);
  expect(reply.headers["access-control-allow-origin"]).toBe(origin);
  const exposed = reply.headers["access-control-expose-headers"]?.toLowerCase().split(", ");
  for (const name of ["request-id", "client-request-id", "etag", "ocp-batch-file-mode", "ocp-creation-time"])
    expect(exposed).toContain(name);
  expect(reply.headers["client-request-id"]).toBe(headers["client-request-id"]);
});

test("a page reads why it was refused", async () => {
  const stranger = await batch.as(undefined).send("GET", "/pools", { headers: { origin } });
  expect(stranger.status).toBe(401);
  expect(stranger.headers["access-control-allow-origin"]).toBe(origin);
  const missing = await batch.send("GET", "/pools/nowhere", { headers: { origin } });
  expect(missing.status).toBe(404);
  expect(missing.headers["access-control-allow-origin"]).toBe(origin);
});

test.each(["https://evil.example", "http://localhost:1", "null"])(
  "a page of %s gets no leave",
  async (foreign) => {
    const asked = await batch.as(undefined).send("OPTIONS", "/pools", { headers: preflight(foreign) });
    expect(asked.status).toBe(401);
    expect(asked.headers["access-control-allow-origin"]).toBeUndefined();
    const read = await batch.send("GET", "/pools", {
      headers: { origin: foreign },
      version: NEWEST_DESCRIBED,
    });
    expect(read.headers["access-control-allow-origin"]).toBeUndefined();
  },
);
