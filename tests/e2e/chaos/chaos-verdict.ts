/** Whether what a chaos has left behind is as it must be: invariants 1 and 2, the jobs' counts, nodes that are free again. */
import { expect } from "vitest";
import { until } from "../killable-service.ts";
import { readAttempts, violationsOf } from "./chaos-attempts.ts";
import type { Chaos } from "./chaos-load.ts";

export async function expectInvariants(chaos: Chaos): Promise<void> {
  const { client, marks, poolId, seed } = chaos.options;
  const attempts = readAttempts(marks);
  const violations: string[] = [];
  for (const [id, plan] of chaos.accepted) {
    const task = await client.task(plan.jobId, id);
    const own = attempts.get(id) ?? [];
    violations.push(...violationsOf(task, plan, own, chaos).map((what) => `${id}: ${what}`));
  }
  for (const id of attempts.keys())
    if (!chaos.accepted.has(id)) violations.push(`${id}: ran, never accepted`);
  console.log(
    `seed ${seed}: ${JSON.stringify(chaos.kills)}, ${chaos.accepted.size} tasks, ` +
      `${[...attempts.values()].flat().length} attempts, ${violations.length} violations`,
  );
  expect(violations).toEqual([]);

  for (const jobId of chaos.jobIds) {
    const plans = [...chaos.accepted.values()].filter((plan) => plan.jobId === jobId);
    const failed = plans.filter(({ kind }) => kind === "fails").length;
    expect(await client.counts(jobId)).toEqual({
      active: 0,
      running: 0,
      completed: plans.length,
      succeeded: plans.length - failed,
      failed,
    });
  }
  const nodes = await until("idle nodes", async () => {
    const path = `/pools/${poolId}/nodes`;
    const { json } = await client.ok<{ value: { state: string; runningTasksCount: number }[] }>("GET", path);
    return json.value.every(({ state }) => state === "idle") && json.value;
  });
  for (const { runningTasksCount } of nodes) expect(runningTasksCount).toBe(0);
}
