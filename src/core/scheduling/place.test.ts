import { expect, test } from "vitest";
import { place, type ReadyTask } from "./place.ts";

const narrow = (count: number): ReadyTask[] =>
  Array.from({ length: count }, (_, i) => ({ key: i + 1, slots: 1 }));

function slotsUsed(placements: readonly { task: number; node: number }[]): Record<number, number> {
  const used: Record<number, number> = {};
  for (const { node } of placements) used[node] = (used[node] ?? 0) + 1;
  return used;
}

test("spread gives nodes equal shares", () => {
  const nodes = [1, 2, 3, 4].map((key) => ({ key, freeSlots: 4 }));
  expect(slotsUsed(place(nodes, narrow(8), "spread"))).toEqual({ 1: 2, 2: 2, 3: 2, 4: 2 });
});

test("pack fills one node before it opens the next", () => {
  const nodes = [1, 2, 3].map((key) => ({ key, freeSlots: 4 }));
  expect(slotsUsed(place(nodes, narrow(5), "pack"))).toEqual({ 1: 4, 2: 1 });
});

test("no node is given more than it has free, and tasks keep their order", () => {
  const placements = place(
    [
      { key: 1, freeSlots: 3 },
      { key: 2, freeSlots: 1 },
    ],
    narrow(10),
    "spread",
  );
  expect(placements.map(({ task }) => task)).toEqual([1, 2, 3, 4]);
  expect(slotsUsed(placements)).toEqual({ 1: 3, 2: 1 });
});

test("a wide task waits for one node while narrow ones behind it use the others", () => {
  const nodes = [
    { key: 1, freeSlots: 3 },
    { key: 2, freeSlots: 2 },
  ];
  const tasks = [{ key: 9, slots: 4 }, ...narrow(4)];
  expect(place(nodes, tasks, "pack")).toEqual([
    { task: 1, node: 2 },
    { task: 2, node: 2 },
  ]);
});

test("affinity is followed where there is room and forgotten where there is none", () => {
  const nodes = [
    { key: 1, freeSlots: 8 },
    { key: 2, freeSlots: 1 },
  ];
  const tasks = [
    { key: 1, slots: 1, preferredNode: 2 },
    { key: 2, slots: 1, preferredNode: 2 },
  ];
  expect(place(nodes, tasks, "spread")).toEqual([
    { task: 1, node: 2 },
    { task: 2, node: 1 },
  ]);
});

test("over random pools nothing is overfilled, placed twice, or left idle while a narrow task waits", () => {
  let seed = 7;
  const random = (n: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % n;
  };
  for (let round = 0; round < 500; round++) {
    const nodes = Array.from({ length: 1 + random(6) }, (_, key) => ({ key, freeSlots: random(5) }));
    const tasks = Array.from({ length: random(20) }, (_, key) => ({ key, slots: 1 }));
    const placements = place(nodes, tasks, round % 2 ? "pack" : "spread");
    const used = slotsUsed(placements);
    for (const { key, freeSlots } of nodes) expect(used[key] ?? 0).toBeLessThanOrEqual(freeSlots);
    const room = nodes.reduce((sum, { freeSlots }) => sum + freeSlots, 0);
    expect(placements.length).toBe(Math.min(room, tasks.length));
    expect(new Set(placements.map(({ task }) => task)).size).toBe(placements.length);
  }
});

test("a task never goes to a node that is barred to it, and then keeps no other from being used", () => {
  const nodes = [
    { key: 1, freeSlots: 2 },
    { key: 2, freeSlots: 1 },
  ];
  const barredNodes = new Set([1]);
  const tasks: ReadyTask[] = [
    { key: 1, slots: 1, barredNodes },
    { key: 2, slots: 1, barredNodes, preferredNode: 1 },
    { key: 3, slots: 2 },
  ];
  expect(place(nodes, tasks, "spread")).toEqual([
    { task: 1, node: 2 },
    { task: 3, node: 1 },
  ]);
});
