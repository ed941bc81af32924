/**
 * What got a 2xx is there after `kill -9`: clients change everything that can be changed while the service dies again and
 * again, and after each death it is compared with what it had promised. `BATCHYARD_CHAOS_ROUNDS`, `BATCHYARD_CHAOS_SEED`.
 */
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { BatchClient, type Reply } from "../batch-client.ts";
import { randomFrom } from "../chaos/seeded-random.ts";
import { KillableService } from "../killable-service.ts";

const ROUNDS = Number(process.env.BATCHYARD_CHAOS_ROUNDS ?? 6);
const SEED = Number(process.env.BATCHYARD_CHAOS_SEED ?? Date.now() % 1_000_000);
const CLIENTS = 6;

const service = await KillableService.start();
const client = new BatchClient(service.ready);
const random = randomFrom(SEED);
afterAll(async () => {
  client.close();
  await service.dispose();
});

/** Undefined stands for a resource that is not there. */
type Observed = Readonly<Record<string, unknown>> | undefined;

/** One resource, which one client alone changes: what it may be found to be. Two values while an answer is owed. */
class Promised {
  readonly path: string;
  readonly #view: (json: Record<string, unknown>) => Observed;
  possible: readonly Observed[] = [undefined];

  constructor(path: string, view: (json: Record<string, unknown>) => Observed) {
    this.path = path;
    this.#view = view;
  }

  get now(): Observed {
    return this.possible[0];
  }

  /** @returns false when no answer came */
  async change(to: Observed, request: () => Promise<Pick<Reply, "status">>): Promise<boolean> {
    const from = this.possible;
    this.possible = [...from, to];
    const reply = await request().catch(() => undefined);
    if (!reply) return false;
    expect([200, 201, 202, 204], `${this.path}: ${JSON.stringify(reply)}`).toContain(reply.status);
    this.possible = [to];
    return true;
  }

  /** Reads it, insists that it is as promised, and goes on from there. */
  async verify(): Promise<void> {
    const { status, json } = await client.send<Record<string, unknown>>("GET", this.path);
    expect([200, 404]).toContain(status);
    const found = status === 404 ? undefined : this.#view(json);
    expect(this.possible, `${this.path} is ${JSON.stringify(found)}`).toContainEqual(found);
    this.possible = [found];
  }
}

const jobOf = (id: string) => new Promised(`/jobs/${id}`, ({ priority, state }) => ({ priority, state }));
const poolOf = (id: string) => new Promised(`/pools/${id}`, ({ metadata }) => ({ metadata }));
const taskOf = (jobId: string, id: string) =>
  new Promised(`/jobs/${jobId}/tasks/${id}`, ({ state, constraints }) => {
    const { maxTaskRetryCount } = constraints as { maxTaskRetryCount: number };
    return { state, maxTaskRetryCount };
  });

/** Changes its own resources, one at a time, until an answer stays out. */
class Writer {
  readonly job: Promised;
  readonly pool: Promised;
  readonly tasks: Promised[] = [];
  readonly #id: string;
  changes = 0;

  constructor(id: string) {
    this.#id = id;
    this.job = jobOf(id);
    this.pool = poolOf(id);
  }

  get all(): readonly Promised[] {
    return [this.job, this.pool, ...this.tasks];
  }

  async write(): Promise<void> {
    while (await this.#step()) this.changes++;
  }

  #step(): Promise<boolean> {
    const id = this.#id;
    const poolInfo = { poolId: "no-such-pool" };
    const number = Math.floor(random.upTo(1_000));
    if (!this.job.now) {
      const body = { id, poolInfo, priority: number };
      return this.job.change({ priority: number, state: "active" }, () => client.send("POST", "/jobs", body));
    }
    const task = random.pick([this.tasks.at(0), ...this.tasks]);
    const choice = random.upTo(10);
    if (choice < 3 || !task) return this.#addTask(number);
    if (choice < 4) return this.#changeJob(number);
    if (choice < 5) return this.#changePool(number);
    if (task.now?.state !== "active") return this.#changeJob(number);
    const { path } = task;
    if (choice < 7) {
      const body = { constraints: { maxTaskRetryCount: number } };
      return task.change({ ...task.now, maxTaskRetryCount: number }, () => client.send("PUT", path, body));
    }
    if (choice < 9) return task.change(undefined, () => client.send("DELETE", path));
    return task.change({ ...task.now, state: "completed" }, () => client.send("POST", `${path}/terminate`));
  }

  #addTask(number: number): Promise<boolean> {
    const id = `t${this.tasks.length}`;
    const task = taskOf(this.#id, id);
    this.tasks.push(task);
    const body = { id, commandLine: "/bin/true", constraints: { maxTaskRetryCount: number } };
    const state = { state: "active", maxTaskRetryCount: number };
    return task.change(state, () => client.send("POST", `/jobs/${this.#id}/tasks`, body));
  }

  #changeJob(priority: number): Promise<boolean> {
    return this.job.change({ ...this.job.now, priority }, () =>
      client.send("PATCH", this.job.path, { priority }),
    );
  }

  #changePool(number: number): Promise<boolean> {
    const metadata = [{ name: "number", value: String(number) }];
    return this.pool.change({ metadata }, async () => {
      if (this.pool.now) return client.send("PATCH", this.pool.path, { metadata });
      await client.addPool(this.#id, 0, 1, { metadata });
      return { status: 201, etag: undefined, json: undefined };
    });
  }
}

test(`what was promised holds after each of ${ROUNDS} deaths of the service, seed ${SEED}`, {
  timeout: 60_000 + ROUNDS * 10_000,
}, async () => {
  const writers = Array.from({ length: CLIENTS }, (_, i) => new Writer(`w${i}`));
  for (let round = 0; round < ROUNDS; round++) {
    const death = delay(random.upTo(400)).then(() => service.kill());
    await Promise.all([death, ...writers.map((writer) => writer.write())]);
    await service.start();
    for (const writer of writers) for (const resource of writer.all) await resource.verify();
    for (const { job, tasks } of writers) {
      if (!job.now) continue;
      const count = (state: string) => tasks.filter(({ now }) => now?.state === state).length;
      const { active, completed } = await client.counts(job.path.slice("/jobs/".length));
      expect({ active, completed }).toEqual({ active: count("active"), completed: count("completed") });
    }
  }
  const changes = writers.reduce((sum, writer) => sum + writer.changes, 0);
  console.log(`seed ${SEED}: ${changes} changes acknowledged over ${ROUNDS} deaths`);
  expect(changes).toBeGreaterThan(0);
});
