import { describe, expect, test } from "vitest";
import { type JobOrder, type Placement, placeRound, type WaitingJob, type WaitingWork } from "./place.ts";
import type { NodeFill, OpenNode, ReadyTask } from "./room.ts";

interface ModelJob extends WaitingJob {
  readonly tasks: readonly ReadyTask[];
}

const byTurn =
  (order: JobOrder) =>
  (a: WaitingJob, b: WaitingJob): number =>
    b.priority - a.priority ||
    (order === "none" ? a.runningSlots - b.runningSlots || a.served - b.served : 0) ||
    a.key - b.key;

/** Hands jobs out a few at a time, as the store does. */
function work(jobs: readonly ModelJob[], order: JobOrder, perRead = 2): WaitingWork {
  const sorted = [...jobs].sort(byTurn(order));
  const left = new Map(jobs.map(({ key, tasks }) => [key, [...tasks]]));
  return {
    jobs: async () => sorted.splice(0, perRead),
    task: async (key, widest) => {
      const tasks = left.get(key) ?? [];
      const at = tasks.findIndex(({ slots }) => slots <= widest);
      return at < 0 ? undefined : tasks.splice(at, 1)[0];
    },
  };
}

const job = (key: number, tasks: readonly ReadyTask[], change: Partial<WaitingJob> = {}): ModelJob => ({
  key,
  priority: 0,
  runningSlots: 0,
  served: 0,
  more: Number.POSITIVE_INFINITY,
  ...change,
  tasks,
});
const narrow = (count: number, from = 1): ReadyTask[] =>
  Array.from({ length: count }, (_, i) => ({ key: from + i, slots: 1 }));

async function place(
  nodes: readonly OpenNode[],
  jobs: readonly ModelJob[],
  { fill = "spread", order = "none" }: { fill?: NodeFill; order?: JobOrder } = {},
): Promise<readonly Placement[]> {
  return (await placeRound(nodes, work(jobs, order), { fill, order, now: 1 })).placements;
}

function slotsUsed(placements: readonly Placement[], of: "node" | "job" = "node"): Record<number, number> {
  const used: Record<number, number> = {};
  for (const placement of placements) used[placement[of]] = (used[placement[of]] ?? 0) + 1;
  return used;
}

const FOUR = [1, 2, 3, 4].map((key) => ({ key, freeSlots: 4 }));

describe("nodes", () => {
  test("get equal shares when they are spread over", async () => {
    expect(slotsUsed(await place(FOUR, [job(1, narrow(8))]))).toEqual({ 1: 2, 2: 2, 3: 2, 4: 2 });
  });

  test("are filled one after the other when they are packed", async () => {
    expect(slotsUsed(await place(FOUR, [job(1, narrow(5))], { fill: "pack" }))).toEqual({ 1: 4, 2: 1 });
  });

  test("are followed by affinity where there is room, and forgotten where there is none", async () => {
    const nodes = [
      { key: 1, freeSlots: 8 },
      { key: 2, freeSlots: 1 },
    ];
    const tasks = [1, 2].map((key) => ({ key, slots: 1, preferredNode: 2 }));
    expect((await place(nodes, [job(1, tasks)])).map(({ node }) => node)).toEqual([2, 1]);
  });

  test("keep one for a wide task while narrow ones behind it use the others", async () => {
    const nodes = [
      { key: 1, freeSlots: 3 },
      { key: 2, freeSlots: 2 },
    ];
    const placed = await place(nodes, [job(1, [{ key: 9, slots: 4 }, ...narrow(4)])], { fill: "pack" });
    expect(placed.map(({ task, node }) => [task, node])).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  test("that are barred to a job are not given to it, nor kept for it", async () => {
    const nodes = [
      { key: 1, freeSlots: 2 },
      { key: 2, freeSlots: 1 },
    ];
    const jobs = [
      job(1, narrow(5), { barredNodes: new Set([1]) }),
      job(2, narrow(5, 11), { barredNodes: new Set([1, 2]) }),
      job(3, [{ key: 21, slots: 2 }]),
    ];
    expect((await place(nodes, jobs)).map(({ task, node }) => [task, node])).toEqual([
      [1, 2],
      [21, 1],
    ]);
  });
});

describe("jobs", () => {
  test("whose tasks no node may take keep nobody waiting, however many they are", async () => {
    const none = new Set([1]);
    const barred = Array.from({ length: 50 }, (_, i) =>
      job(i, narrow(10, 1_000 + i * 10), { barredNodes: none }),
    );
    const placed = await place([{ key: 1, freeSlots: 1 }], [...barred, job(99, narrow(1))]);
    expect(placed).toEqual([{ job: 99, task: 1, node: 1 }]);
  });

  test("of a higher priority come first", async () => {
    const jobs = [job(1, narrow(9)), job(2, narrow(9, 11), { priority: 5 })];
    expect(slotsUsed(await place([{ key: 1, freeSlots: 9 }], jobs), "job")).toEqual({ 2: 9 });
  });

  test("take at most as many more as they may", async () => {
    const jobs = [job(1, narrow(9), { more: 2 }), job(2, narrow(3, 11))];
    expect(slotsUsed(await place(FOUR, jobs), "job")).toEqual({ 1: 2, 2: 3 });
  });

  test("in the order of their creation, when the pool says so", async () => {
    const jobs = [job(1, narrow(3)), job(2, narrow(3, 11)), job(3, narrow(3, 21))];
    const placed = await place([{ key: 1, freeSlots: 4 }], jobs, { order: "creationtime" });
    expect(placed.map(({ task }) => task)).toEqual([1, 2, 3, 11]);
  });
});

/** A service of one pool: rounds, and ends of tasks one at a time. */
async function shares(sizes: readonly number[], slots: number, ends: number): Promise<number[]> {
  let turn = 0;
  const state = sizes.map((size, key) => ({ key, size, running: 0, served: 0, done: 0 }));
  const running: number[] = [];
  for (let step = 0; step < ends; step++) {
    const jobs = state
      .filter(({ size }) => size > 0)
      .map(({ key, size, running: runningSlots, served }) =>
        job(key, narrow(Math.min(size, slots)), { runningSlots, served }),
      );
    const round = await placeRound([{ key: 1, freeSlots: slots - running.length }], work(jobs, "none", 32), {
      fill: "spread",
      order: "none",
      now: ++turn,
    });
    for (const { job: key } of round.placements) {
      const of = state[key];
      if (of === undefined) continue;
      of.size--;
      of.running++;
      running.push(key);
    }
    for (const [key, served] of round.served) Object.assign(state[key] ?? {}, { served });
    // They end in no order.
    const [ended] = running.splice((step * 7919) % running.length, 1);
    const of = state[ended ?? -1];
    if (of) Object.assign(of, { running: of.running - 1, done: of.done + 1 });
  }
  return state.map(({ done, running: still }) => done + still);
}

test.each([
  [2, 1],
  [2, 4],
  [5, 3],
  [50, 8],
  [20, 40],
])("each of %i equal jobs gets its share of %i slots, whatever their sizes", async (count, slots) => {
  const sizes = Array.from({ length: count }, (_, i) => (i % 2 ? 100_000 : 90));
  const ends = count * 60;
  const share = 60 + slots / count;
  for (const started of await shares(sizes, slots, ends)) {
    expect(started).toBeGreaterThanOrEqual(share * 0.9);
    expect(started).toBeLessThanOrEqual(share * 1.1);
  }
});

test("over random pools a round is what the slow, obvious way gives", async () => {
  let state = 3;
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  for (let round = 0; round < 400; round++) {
    const order: JobOrder = random(2) ? "none" : "creationtime";
    const nodes = Array.from({ length: 1 + random(5) }, (_, key) => ({ key, freeSlots: random(5) }));
    const jobs = Array.from({ length: random(8) }, (_, key) =>
      job(key, narrow(random(6), key * 100), {
        priority: random(3),
        runningSlots: random(4),
        served: random(5),
        more: random(4) ? Number.POSITIVE_INFINITY : 1 + random(3),
        ...(random(4) ? {} : { barredNodes: new Set(nodes.filter(() => random(2)).map(({ key }) => key)) }),
      }),
    );
    const placed = await place(nodes, jobs, { order });
    // Slot by slot: among all jobs that have a task and a node that may take it, the one whose turn it is.
    const free = new Map(nodes.map(({ key, freeSlots }) => [key, freeSlots]));
    const now = jobs.map((known) => ({ ...known, tasks: [...known.tasks] }));
    let turn = Math.max(1, ...jobs.map(({ served }) => served));
    for (const { job: key, task, node } of placed) {
      const open = (at: ModelJob) =>
        at.more > 0 &&
        at.tasks.length > 0 &&
        [...free].some(([n, left]) => left > 0 && !at.barredNodes?.has(n));
      const next = now.filter(open).sort(byTurn(order))[0];
      expect({ key, task }).toEqual({ key: next?.key, task: next?.tasks[0]?.key });
      expect(next?.barredNodes?.has(node) ?? false).toBe(false);
      free.set(node, (free.get(node) ?? 0) - 1);
      expect(free.get(node)).toBeGreaterThanOrEqual(0);
      if (next) {
        next.tasks.shift();
        Object.assign(next, { runningSlots: next.runningSlots + 1, served: ++turn, more: next.more - 1 });
      }
    }
    const isLeft = now.some(
      ({ more, tasks, barredNodes }) =>
        more > 0 && tasks.length > 0 && [...free].some(([n, left]) => left > 0 && !barredNodes?.has(n)),
    );
    expect(isLeft).toBe(false);
  }
});
