/**
 * Invariants 1 and 2 under fire: service, agent or both are killed at random moments while tasks are added and run, nodes
 * are rebooted and the pool changes its size.
 * `BATCHYARD_CHAOS_ROUNDS` kills (6 unless told), `BATCHYARD_CHAOS_SEED` repeats a run's choices.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, expect, onTestFailed, test } from "vitest";
import { BatchClient, type TaskResource } from "./batch-client.ts";
import { KillableService, until } from "./killable-service.ts";
import { randomFrom } from "./seeded-random.ts";

const ROUNDS = Number(process.env.BATCHYARD_CHAOS_ROUNDS ?? 6);
const SEED = Number(process.env.BATCHYARD_CHAOS_SEED ?? Date.now() % 1_000_000);
const WRITERS = 4;
const NODES = 3;
const SLOTS = 4;
/** Accepted and not yet seen completed: enough that work always waits, not so much that the end takes long. */
const MAX_BACKLOG = 60;
/** With so many tasks and no end in sight since then, something hangs. */
const STALL_MS = 60_000;

const marks = mkdtempSync(join(tmpdir(), "batchyard-marks-"));
const service = await KillableService.start();
const client = new BatchClient(service.ready);
afterAll(async () => {
  client.close();
  await service.dispose();
  rmSync(marks, { recursive: true, force: true });
});

/** What a task was meant to do. */
interface Plan {
  readonly id: string;
  readonly jobId: string;
  readonly kind: "succeeds" | "fails" | "fails once";
}

/** One attempt, by the file that its own command wrote. Times are milliseconds since the epoch. */
interface Attempt {
  readonly number: number;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** `starting`: the service, and its successor while that is starting. */
type Victim = "service" | "agent" | "both" | "starting";

interface Kill {
  readonly before: number;
  readonly after: number;
}

class Chaos {
  readonly random = randomFrom(SEED);
  readonly accepted = new Map<string, Plan>();
  /** When each task was first read as completed. */
  readonly completed = new Map<string, number>();
  readonly agentKills: Kill[] = [];
  readonly kills = { service: 0, agent: 0, both: 0, starting: 0 };
  #deck: Victim[] = [];
  readonly #openJobs = new Set<string>();
  #jobId = "";
  #writing = true;
  #polling = true;

  async run(): Promise<void> {
    await client.addPool("pool", NODES, SLOTS);
    await this.#nextJob(0);
    const writers = Array.from({ length: WRITERS }, (_, writer) => this.#write(writer));
    const poller = this.#poll();
    for (let round = 1; round <= ROUNDS; round++) {
      await delay(this.random.upTo(700));
      await this.#disturb();
      await delay(this.random.upTo(700));
      await this.#kill(this.#nextVictim());
      await this.#nextJob(round);
    }
    this.#writing = false;
    await Promise.all(writers);
    await this.#allCompleted();
    this.#polling = false;
    await poller;
  }

  async #nextJob(round: number): Promise<void> {
    const id = `job-${round}`;
    const poolInfo = { poolId: "pool" };
    const commonEnvironmentSettings = [{ name: "MARKS", value: marks }];
    const { status } = await client.insist("POST", "/jobs", { id, poolInfo, commonEnvironmentSettings });
    expect([201, 409]).toContain(status);
    this.#openJobs.add(id);
    this.#jobId = id;
  }

  /** Takes a node down or the pool to another size. Both wait for the tasks there, so they excuse no further attempt. */
  async #disturb(): Promise<void> {
    if (this.random.chance(0.5)) {
      const targetDedicatedNodes = this.random.pick([NODES - 1, NODES]);
      const body = { targetDedicatedNodes, nodeDeallocationOption: "taskcompletion" };
      const { status } = await client.insist("POST", "/pools/pool/resize", body);
      expect([202, 409]).toContain(status);
      return;
    }
    const { json } = await client.insist<{ value: { id: string }[] }>("GET", "/pools/pool/nodes");
    const [node] = this.random.shuffle(json.value);
    const path = `/pools/pool/nodes/${node?.id}/reboot`;
    const { status } = await client.insist("POST", path, { nodeRebootOption: "taskcompletion" });
    expect([202, 404, 409]).toContain(status);
  }

  /** Each in turn, in an order that changes: few rounds, too, see all of them. */
  #nextVictim(): Victim {
    if (this.#deck.length === 0) this.#deck = this.random.shuffle(["service", "agent", "both", "starting"]);
    return this.#deck.pop() ?? "both";
  }

  async #kill(victim: Victim): Promise<void> {
    this.kills[victim]++;
    if (victim === "agent") return this.#killAgent();
    if (victim === "both") await Promise.all([service.kill(), this.#killAgent()]);
    else await service.kill();
    if (this.random.chance(0.7)) await delay(this.random.upTo(1_000));
    if (victim === "starting") {
      const start = service.start().catch(() => {});
      await delay(this.random.upTo(1_000));
      await service.kill();
      await start;
    }
    await service.start();
  }

  async #killAgent(): Promise<void> {
    const before = Date.now();
    await service.killAgent();
    this.agentKills.push({ before, after: Date.now() });
  }

  async #write(writer: number): Promise<void> {
    for (let n = 0; this.#writing; n++) {
      if (this.accepted.size - this.completed.size > MAX_BACKLOG) {
        await delay(20);
        continue;
      }
      const jobId = this.#jobId;
      const count = this.random.chance(0.5) ? 1 : 5;
      const plans = Array.from({ length: count }, (_, i): Plan => {
        const kind = this.random.pick(["succeeds", "succeeds", "succeeds", "fails", "fails once"] as const);
        return { id: `${jobId}-${writer}-${n}-${i}`, jobId, kind };
      });
      await this.#add(jobId, plans);
      for (const plan of plans) this.accepted.set(plan.id, plan);
    }
  }

  /** A task whose answer was lost is found to exist already, when it is added again. */
  async #add(jobId: string, plans: readonly Plan[]): Promise<void> {
    const tasks = plans.map((plan) =>
      taskOf(plan, this.random.chance(0.1) ? 2 : this.random.upTo(400) / 1_000),
    );
    if (tasks.length === 1) {
      const { status } = await client.insist("POST", `/jobs/${jobId}/tasks`, tasks[0]);
      expect([201, 409]).toContain(status);
      return;
    }
    const { json } = await client.insist<{ value: { status: string; error?: { code: string } }[] }>(
      "POST",
      `/jobs/${jobId}/addtaskcollection`,
      { value: tasks },
    );
    for (const { status, error } of json.value)
      expect(error?.code ?? status).toMatch(/^(success|TaskExists)$/);
  }

  async #poll(): Promise<void> {
    const query = "?$filter=state%20eq%20'completed'&$select=id";
    while (this.#polling) {
      for (const jobId of this.#openJobs) {
        const tasks = await client.tasks(jobId, query).catch((): TaskResource[] => []);
        const now = Date.now();
        for (const { id } of tasks) if (!this.completed.has(id)) this.completed.set(id, now);
        const accepted = [...this.accepted.values()].filter((plan) => plan.jobId === jobId);
        const isOver = !this.#writing || (jobId !== this.#jobId && tasks.length > 0);
        if (isOver && accepted.length === tasks.length) this.#openJobs.delete(jobId);
      }
      await delay(50);
    }
  }

  async #allCompleted(): Promise<void> {
    let count = -1;
    let since = 0;
    await until(
      "the last task",
      () => {
        if (this.completed.size !== count) {
          count = this.completed.size;
          since = performance.now();
        }
        if (performance.now() - since > STALL_MS)
          throw new Error(`${this.accepted.size - count} of ${this.accepted.size} accepted tasks do not end`);
        return count >= this.accepted.size;
      },
      Infinity,
    );
  }
}

function taskOf({ id, kind }: Plan, seconds: number): object {
  const file = '"$MARKS/$AZ_BATCH_TASK_ID.$BATCHYARD_TASK_ATTEMPT"';
  const failed = '"$MARKS/$AZ_BATCH_TASK_ID.failed"';
  const end = {
    succeeds: "exit 0",
    fails: "exit 7",
    "fails once": `[ -e ${failed} ] || { : > ${failed}; exit 3; }`,
  }[kind];
  const script = `echo start $(date +%s%N) >> ${file}; sleep ${seconds}; echo end $(date +%s%N) >> ${file}; ${end}`;
  return {
    id,
    commandLine: `/bin/sh -c '${script}'`,
    ...(kind === "fails once" ? { constraints: { maxTaskRetryCount: 2 } } : {}),
  };
}

/** By task, in the order of their numbers. */
function readAttempts(): Map<string, Attempt[]> {
  const attempts = new Map<string, Attempt[]>();
  for (const name of readdirSync(marks)) {
    const [id = "", number = ""] = name.split(".");
    if (number === "failed") continue;
    const lines = readFileSync(join(marks, name), "utf8").split("\n");
    const times = (word: string) =>
      lines
        .filter((line) => line.startsWith(`${word} `))
        .map((line) => Number(line.slice(word.length)) / 1e6);
    const attempt = { number: Number(number), starts: times("start"), ends: times("end") };
    attempts.set(
      id,
      [...(attempts.get(id) ?? []), attempt].sort((a, b) => a.number - b.number),
    );
  }
  return attempts;
}

test(`${ROUNDS} kills at random moments, seed ${SEED}: every accepted task completes, each attempt starts once`, {
  timeout: 120_000 + ROUNDS * 20_000,
}, async () => {
  onTestFailed(() => console.error(service.log.slice(-10_000)));
  const chaos = new Chaos();
  await chaos.run();
  const attempts = readAttempts();
  const all = [...attempts.values()].flat();

  const violations: string[] = [];
  for (const [id, plan] of chaos.accepted) {
    const task = await client.task(plan.jobId, id);
    const own = attempts.get(id) ?? [];
    violations.push(...violationsOf(task, plan, own, chaos).map((what) => `${id}: ${what}`));
  }
  for (const id of attempts.keys())
    if (!chaos.accepted.has(id)) violations.push(`${id}: ran, never accepted`);
  console.log(
    `seed ${SEED}: kills ${JSON.stringify(chaos.kills)}, ${chaos.accepted.size} tasks, ${all.length} attempts, ` +
      `${violations.length} violations`,
  );
  expect(violations).toEqual([]);

  for (let round = 0; round <= ROUNDS; round++) {
    const plans = [...chaos.accepted.values()].filter(({ jobId }) => jobId === `job-${round}`);
    const failed = plans.filter(({ kind }) => kind === "fails").length;
    expect(await client.counts(`job-${round}`)).toEqual({
      active: 0,
      running: 0,
      completed: plans.length,
      succeeded: plans.length - failed,
      failed,
    });
  }
  const nodes = await until("idle nodes", async () => {
    const { json } = await client.ok<{ value: { state: string; runningTasksCount: number }[] }>(
      "GET",
      "/pools/pool/nodes",
    );
    return json.value.every(({ state }) => state === "idle") && json.value;
  });
  for (const { runningTasksCount } of nodes) expect(runningTasksCount).toBe(0);
});

function violationsOf(
  task: TaskResource,
  { kind }: Plan,
  attempts: readonly Attempt[],
  chaos: Chaos,
): string[] {
  const violations: string[] = [];
  const insist = (holds: boolean, what: string) => {
    if (!holds) violations.push(`${what}: ${JSON.stringify({ task, attempts })}`);
  };
  insist(task.state === "completed", "is not completed");
  insist(task.executionInfo?.exitCode === (kind === "fails" ? 7 : 0), "has another exit code");
  insist(task.executionInfo?.requeueCount === 0, "counts a requeue that nobody asked for");
  insist((task.executionInfo?.retryCount ?? 0) <= (kind === "fails once" ? 1 : 0), "counts too many retries");
  insist(attempts.length > 0, "never started");
  const readable = chaos.completed.get(task.id) ?? Infinity;
  let last: Attempt | undefined;
  for (const attempt of attempts) {
    const [start = Infinity] = attempt.starts;
    insist(attempt.starts.length === 1, `attempt ${attempt.number} started ${attempt.starts.length} times`);
    insist(
      start <= readable,
      `attempt ${attempt.number} started after completed was readable at ${readable}`,
    );
    if (last) {
      const [lastStart = 0] = last.starts;
      const [lastEnd = 0] = last.ends;
      const excused = chaos.agentKills.some(({ before, after }) => after >= lastStart && before <= start);
      insist(lastEnd <= start, `attempt ${attempt.number} overlaps the one before`);
      insist(excused || kind === "fails once", `attempt ${attempt.number} follows on no loss`);
    }
    last = attempt;
  }
  insist(last?.ends.length === 1, "completed without its last attempt having ended");
  return violations;
}
