/** Signing keys roll over while clients go on: the next one is known before it signs, the last one while its tokens live. */
import { createLocalJWKSet, decodeProtectedHeader, type JWK, jwtVerify } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BATCH_AUDIENCE, BatchClient } from "../batch-client.fixture.ts";
import { sendTo } from "../raw-request.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const MINUTE_MS = 60_000;
/** "Signing key rollover in the Microsoft identity platform" says every few weeks; here every six. */
const DAY_MS = 86_400_000;
const SIX_WEEKS_MS = 42 * DAY_MS;

let service: RunningService;
let client: BatchClient;
beforeAll(async () => {
  service = await runningService({ testControls: true });
  client = await BatchClient.connect(service);
});
afterAll(async () => {
  client?.close();
  await service?.close();
});

async function advance(milliseconds: number): Promise<void> {
  const body = JSON.stringify({ advanceMilliseconds: milliseconds });
  const reply = await fetch(`${service.ready.plain}/test-controls/clock`, { method: "POST", body });
  expect(reply.status).toBe(200);
}

async function token(): Promise<string> {
  const { clientId, clientSecret } = service.ready;
  return client.token({ clientId: clientId ?? "", clientSecret: clientSecret ?? "" });
}

async function publishedKeys(): Promise<JWK[]> {
  const path = "/common/discovery/keys";
  return (await sendTo(new URL(service.ready.login), service.ca, { path })).json.keys;
}

/** As a resource checks it that fetches the keys now. @returns the key's id */
async function verifiedKey(token: string): Promise<string | undefined> {
  const { exp = 0 } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  await jwtVerify(token, createLocalJWKSet({ keys: await publishedKeys() }), {
    audience: BATCH_AUDIENCE,
    currentDate: new Date((exp - 1) * 1000),
  });
  return decodeProtectedHeader(token).kid;
}

const jobs = async (token: string) => (await client.as(token).send("GET", "/jobs")).status;

test("a token of the last key and one of the next are good at the same time", async () => {
  const first = await verifiedKey(await token());
  await advance(SIX_WEEKS_MS - DAY_MS);
  expect(await publishedKeys()).toHaveLength(2);
  await advance(DAY_MS - 30 * MINUTE_MS);
  const last = await token();
  expect(await verifiedKey(last)).toBe(first);
  await advance(45 * MINUTE_MS);
  const next = await token();
  expect(await verifiedKey(next)).not.toBe(first);
  expect(await verifiedKey(last)).toBe(first);
  expect([await jobs(last), await jobs(next)]).toEqual([200, 200]);
  // It has ended, and its key is still published for whoever is late.
  await advance(20 * MINUTE_MS);
  expect([await jobs(last), await jobs(next)]).toEqual([401, 200]);
});
