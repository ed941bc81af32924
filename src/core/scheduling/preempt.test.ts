import { expect, test } from "vitest";
import { type NodeLoad, type Preemptible, tasksToPreempt, type Wanting } from "./preempt.ts";

const running = (task: number, node: number, priority = -100, slots = 1): Preemptible => ({
  task,
  node,
  slots,
  priority,
  startedAt: task,
});

test("what is least worth and began last gives way, and no more than is needed", () => {
  const nodes = [{ key: 1, freeSlots: 0 }];
  const tasks = [running(1, 1, -100), running(2, 1, -100), running(3, 1, 10)];
  expect(tasksToPreempt(nodes, tasks, [{ slots: 1, priority: 500 }])).toEqual([2]);
  expect(tasksToPreempt(nodes, tasks, [{ slots: 3, priority: 500 }])).toEqual([2, 1, 3]);
  expect(tasksToPreempt(nodes, tasks, [{ slots: 3, priority: 10 }])).toEqual([]);
});

test("room that comes anyway stops nothing, and is used once", () => {
  const nodes = [{ key: 1, freeSlots: 1 }];
  const wanting = [1, 2].map(() => ({ slots: 1, priority: 1 }));
  expect(tasksToPreempt(nodes, [running(1, 1), running(2, 1)], wanting)).toEqual([2]);
});

test("over random nodes only less worthy tasks give way, and each that wants gets room wherever it can", () => {
  let state = 11;
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  for (let round = 0; round < 500; round++) {
    const nodes: NodeLoad[] = Array.from({ length: 1 + random(4) }, (_, key) => ({
      key,
      freeSlots: random(3),
    }));
    const tasks = Array.from({ length: random(12) }, (_, key) =>
      running(key, random(nodes.length), random(4), 1 + random(2)),
    );
    const wanting: Wanting[] = [{ slots: 1 + random(4), priority: random(5) }];
    const stopped = tasksToPreempt(nodes, tasks, wanting);
    expect(new Set(stopped).size).toBe(stopped.length);
    const { slots, priority } = wanting[0] ?? { slots: 0, priority: 0 };
    const victims = tasks.filter(({ task }) => stopped.includes(task));
    for (const victim of victims) expect(victim.priority).toBeLessThan(priority);
    expect(new Set(victims.map(({ node }) => node)).size).toBeLessThanOrEqual(1);
    const couldHave = (node: NodeLoad, of: readonly Preemptible[]) =>
      node.freeSlots +
      of
        .filter((task) => task.node === node.key && task.priority < priority)
        .reduce((sum, task) => sum + task.slots, 0);
    const isPossible = nodes.some((node) => couldHave(node, tasks) >= slots);
    const hasRoom = nodes.some((node) => couldHave(node, victims) >= slots);
    expect(hasRoom).toBe(isPossible);
    if (nodes.some(({ freeSlots }) => freeSlots >= slots)) expect(stopped).toEqual([]);
  }
});
