/** Passwords that are hashed at everybody's expense: those of nodes' users, for whoever may write pools of one account. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { poolBody } from "../wire/batch-bodies.fixture.ts";
import { BatchClient } from "../wire/batch-client.fixture.ts";
import { eventually } from "../wire/eventually.fixture.ts";
import { type RunningService, runningService } from "../wire/running-service.fixture.ts";
import { LoopStalls } from "./loop-stalls.ts";

const AT_ONCE = 60;
/** One hash takes a sixth of it, and more where others compute as well. */
const STALL_MS = 250;
const COMPUTED_MS = 1_200;

let service: RunningService;
let client: BatchClient;
let users: string;
beforeAll(async () => {
  service = await runningService();
  client = await BatchClient.connect(service);
  await client.post("/pools", poolBody("pool"));
  const nodes = () => client.get("/pools/pool/nodes");
  await eventually("a node", async () => (await nodes()).value[0]?.state === "idle");
  users = `/pools/pool/nodes/${(await nodes()).value[0].id}/users`;
});
afterAll(() => service?.close());

/** @returns how often which status was answered, how long the loop stood at most, and how long its thread has computed, in milliseconds */
async function add(path: string, prefix: string) {
  const before = process.threadCpuUsage();
  const stalls = new LoopStalls();
  const replies = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, n) =>
      client.send("POST", path, {
        body: { name: `${prefix}${n}`, password: "correct horse battery staple" },
      }),
    ),
  );
  stalls.stop();
  const { user, system } = process.threadCpuUsage(before);
  const statuses = Object.groupBy(replies, ({ status }) => String(status));
  const counts = Object.fromEntries(Object.entries(statuses).map(([status, all]) => [status, all?.length]));
  console.log(
    `${path.split("/").at(-2)}:`,
    counts,
    `computed ${((user + system) / 1_000).toFixed()} ms, the loop stood for ${stalls.longest.toFixed()} ms`,
  );
  return { counts, longest: stalls.longest, computed: (user + system) / 1_000 };
}

test("a password for a node that is not there costs as much as one for a node", async () => {
  const { counts, computed } = await add("/pools/none/nodes/none/users", "u");
  expect(counts).toEqual({ 404: AT_ONCE });
  // All that the requests take besides, here and there, is a fifth of it.
  expect(computed).toBeLessThan(COMPUTED_MS);
});

test("dozens of passwords for nodes' users, sent at once, stop the service for everybody", async () => {
  const { counts, longest } = await add(users, "u");
  expect(longest).toBeLessThan(STALL_MS);
  // Who asks for too much is told so, and the others are served.
  expect(counts[503]).toBeGreaterThan(0);
  // Where nobody can log in to nodes, their node says so.
  const { 201: added = 0, 409: refused = 0 } = counts;
  expect(added + refused).toBe(AT_ONCE - (counts[503] ?? 0));
  expect(added + refused).toBeGreaterThanOrEqual(10);
});
