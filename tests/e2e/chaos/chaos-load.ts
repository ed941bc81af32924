/**
 * Load and mishap at once: writers add tasks while a service, its agent or both are killed at random moments, nodes are
 * rebooted and the pool changes its size. It keeps what was accepted and when it was read as completed, and judges nothing.
 */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import type { BatchClient, TaskResource } from "../batch-client.ts";
import { type KillableService, until } from "../killable-service.ts";
import { randomFrom, type SeededRandom } from "./seeded-random.ts";

const WRITERS = 4;
const NODES = 3;
const SLOTS = 4;
/** Accepted and not yet seen completed: enough that work always waits, not so much that the end takes long. */
const MAX_BACKLOG = 60;
/** With tasks left and no end of one in sight for so long, something hangs. */
const STALL_MS = 60_000;

/** `starting`: the service, and its successor while that is starting. `stop`: no kill, but `batchyard stop` under load. */
export type Victim = "service" | "agent" | "both" | "starting" | "stop";

/** What a task was meant to do. */
export interface Plan {
  readonly id: string;
  readonly jobId: string;
  readonly kind: "succeeds" | "fails" | "fails once";
}

/** Milliseconds since the epoch. */
export interface Span {
  readonly before: number;
  readonly after: number;
}

export interface ChaosOptions {
  readonly service: Pick<KillableService, "start" | "stop" | "kill"> & {
    /** Ends an agent, whichever way agents end there; resolves when it is gone. */
    readonly killAgent: () => Promise<void>;
  };
  readonly client: BatchClient;
  readonly seed: number;
  readonly rounds: number;
  readonly victims: readonly Victim[];
  /** Of the pool, and the beginning of all other ids. */
  readonly poolId: string;
  /** The folder into which each attempt writes its start and its end. */
  readonly marks: string;
}

export class Chaos {
  readonly options: ChaosOptions;
  readonly #random: SeededRandom;
  readonly accepted = new Map<string, Plan>();
  /** When each task was first read as completed. */
  readonly completed = new Map<string, number>();
  readonly agentEnds: Span[] = [];
  readonly kills = { service: 0, agent: 0, both: 0, starting: 0, stop: 0 };
  readonly jobIds: string[] = [];
  readonly #openJobs = new Set<string>();
  #deck: Victim[] = [];
  #jobId = "";
  #writing = true;
  #polling = true;

  constructor(options: ChaosOptions) {
    this.options = options;
    this.#random = randomFrom(options.seed);
  }

  /** Resolves when every accepted task has been read as completed. */
  async run(): Promise<void> {
    const { client, poolId, rounds } = this.options;
    await client.addPool(poolId, NODES, SLOTS);
    await this.#nextJob(0);
    const writers = Array.from({ length: WRITERS }, (_, writer) => this.#write(writer));
    const poller = this.#poll();
    for (let round = 1; round <= rounds; round++) {
      await delay(this.#random.upTo(700));
      await this.#disturb();
      await delay(this.#random.upTo(700));
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
    const { client, poolId, marks } = this.options;
    const id = `${poolId}-${round}`;
    const poolInfo = { poolId };
    const commonEnvironmentSettings = [{ name: "MARKS", value: marks }];
    const { status } = await client.insist("POST", "/jobs", { id, poolInfo, commonEnvironmentSettings });
    expect([201, 409]).toContain(status);
    this.#openJobs.add(id);
    this.jobIds.push(id);
    this.#jobId = id;
  }

  /** Takes a node down or the pool to another size. Both wait for the tasks there, so they excuse no further attempt. */
  async #disturb(): Promise<void> {
    const { client, poolId } = this.options;
    if (this.#random.chance(0.5)) {
      const targetDedicatedNodes = this.#random.pick([NODES - 1, NODES]);
      const body = { targetDedicatedNodes, nodeDeallocationOption: "taskcompletion" };
      const { status } = await client.insist("POST", `/pools/${poolId}/resize`, body);
      expect([202, 409]).toContain(status);
      return;
    }
    const { json } = await client.insist<{ value: { id: string }[] }>("GET", `/pools/${poolId}/nodes`);
    const [node] = this.#random.shuffle(json.value);
    const path = `/pools/${poolId}/nodes/${node?.id}/reboot`;
    const { status } = await client.insist("POST", path, { nodeRebootOption: "taskcompletion" });
    expect([202, 404, 409]).toContain(status);
  }

  /** Each in turn, in an order that changes: few rounds, too, see all of them. */
  #nextVictim(): Victim {
    if (this.#deck.length === 0) this.#deck = this.#random.shuffle(this.options.victims);
    return this.#deck.pop() ?? "service";
  }

  async #kill(victim: Victim): Promise<void> {
    const { service } = this.options;
    this.kills[victim]++;
    if (victim === "agent") return this.#endAgent(() => service.killAgent());
    if (victim === "stop") await this.#endAgent(() => service.stop());
    else if (victim === "both")
      await this.#endAgent(() => Promise.all([service.kill(), service.killAgent()]));
    else await service.kill();
    if (this.#random.chance(0.7)) await delay(this.#random.upTo(1_000));
    if (victim === "starting") {
      const start = service.start().catch(() => {});
      await delay(this.#random.upTo(1_000));
      await service.kill();
      await start;
    }
    await service.start();
  }

  async #endAgent(end: () => Promise<unknown>): Promise<void> {
    const before = Date.now();
    await end();
    this.agentEnds.push({ before, after: Date.now() });
  }

  async #write(writer: number): Promise<void> {
    for (let n = 0; this.#writing; n++) {
      if (this.accepted.size - this.completed.size > MAX_BACKLOG) {
        await delay(20);
        continue;
      }
      const jobId = this.#jobId;
      const count = this.#random.chance(0.5) ? 1 : 5;
      const plans = Array.from({ length: count }, (_, i): Plan => {
        const kind = this.#random.pick(["succeeds", "succeeds", "succeeds", "fails", "fails once"] as const);
        return { id: `${jobId}-${writer}-${n}-${i}`, jobId, kind };
      });
      await this.#add(jobId, plans);
      for (const plan of plans) this.accepted.set(plan.id, plan);
    }
  }

  /** A task whose answer was lost is found to exist already, when it is added again. */
  async #add(jobId: string, plans: readonly Plan[]): Promise<void> {
    const { client } = this.options;
    const tasks = plans.map((plan) =>
      taskOf(plan, this.#random.chance(0.1) ? 2 : this.#random.upTo(400) / 1_000),
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
        const tasks = await this.options.client.tasks(jobId, query).catch((): TaskResource[] => []);
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
