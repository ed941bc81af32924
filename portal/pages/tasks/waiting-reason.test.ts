import { expect, test } from "vitest";
import { type WaitingFacts, waitingReasons } from "./waiting-reason.ts";

const FACTS: WaitingFacts = {
  task: { requiredSlots: 1, dependsOn: false },
  job: { state: "active", priority: 0, maxParallelTasks: -1, poolId: "p", running: 0 },
  unfinished: [],
  pool: {
    state: "active",
    allocationState: "steady",
    isScaled: false,
    target: 2,
    slotsPerNode: 1,
    errors: [],
    nodes: { idle: 2 },
  },
  before: [],
};
const pool = (change: object) =>
  ({ pool: { ...(FACTS.pool as object), ...change } }) as Partial<WaitingFacts>;
const job = (change: object) => ({ job: { ...FACTS.job, ...change } });

test.each<[string, Partial<WaitingFacts>, RegExp]>([
  ["a disabled job", job({ state: "disabled" }), /job is disabled/],
  ["a job that runs as many as it may", job({ maxParallelTasks: 2, running: 2 }), /at most 2 tasks at once/],
  ["a task before it that runs", { unfinished: [{ id: "a", state: "running" }] }, /depends on a \(running\)/],
  ["a task before it that failed", { unfinished: [{ id: "a", state: "failed" }] }, /a, which failed/],
  ["many before it", { unfinished: [..."abcdefg"].map((id) => ({ id, state: "active" })) }, /and 2 more/],
  ["no pool", { pool: undefined }, /pool p is not there/],
  ["no nodes", pool({ nodes: {}, target: 0 }), /resize it/],
  ["no nodes by formula", pool({ nodes: {}, target: 0, isScaled: true }), /formula wants none/],
  ["nodes that are coming", pool({ nodes: {}, allocationState: "resizing" }), /2 nodes are coming/],
  ["start tasks that failed", pool({ nodes: { startTaskFailed: 2 } }), /2 startTaskFailed/],
  ["busy nodes", pool({ nodes: { running: 2, idle: 0 } }), /All 2 nodes/],
  ["too many slots", { task: { requiredSlots: 4, dependsOn: false } }, /can never run/],
  ["a resize that failed", pool({ errors: ["AccountCoreQuotaReached"] }), /AccountCoreQuotaReached/],
  ["others before it", { ...pool({ nodes: { running: 2 } }), before: ["urgent"] }, /urgent/],
])("%s is said", (_, change, said) => {
  expect(waitingReasons({ ...FACTS, ...change }).join("\n")).toMatch(said);
});

test("where nothing keeps it back, that is said", () => {
  expect(waitingReasons(FACTS)).toEqual([expect.stringMatching(/Nothing keeps it back/)]);
});
