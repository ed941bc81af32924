/**
 * Provides nodes of a Slurm cluster: one job per node, whose only program is an agent for that node. Slurm finds the machine, holds
 * the job to what it asked for, and kills it; tasks are the agent's business. Nothing is written down: a job's name tells which
 * node of which installation it is for, and the queue tells what is there.
 *
 *   none ──acquire──▶ pending ──▶ running ──▶ ending ──▶ none
 *                        └──────release──────────┘
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { AgentAdmission, AgentService, ComputeDriver, WantedNode } from "../app/ports/compute-driver.ts";
import { agentEnvironment, agentWords, writeAgentConfiguration } from "./agent-program.ts";
import { removeNodeFolder } from "./node-folder.ts";
import { type SlurmJob, slurmCancel, slurmJobs, slurmSubmit } from "./slurm-queue.ts";

export interface SlurmDriverOptions {
  /** On a file system that all machines of the cluster share, as are this program and its Node.js. */
  readonly dataFolder: string;
  readonly admission: AgentAdmission;
  /** Further options of sbatch, e.g. `--partition=batch`. */
  readonly options: readonly string[];
  readonly log: (line: string) => void;
}

const AGENT_PREFIX = "slurm-";
const FOLDER_PREFIX = "agent-";
/** The queue is a whole site's: it is looked at often only shortly after something has happened. Milliseconds. */
const LOOK_AGAIN = { steady: 10_000, waiting: 3_000, soon: 500 };
const SOON_FOR_MS = 30_000;
/** After sbatch has refused a job, or one has ended as soon as it was there, twice. Milliseconds. */
const SUBMIT_AGAIN_MS = 10_000;
const SHORT_LIFE_MS = 10_000;
/** Slurm signals all processes of a job one after the other, tasks and agent alike. */
const FAILURE_HOLD_MS = 500;
const CLOSE_MS = 25_000;
const CLOSE_LOOK_MS = 100;
const MIB = 2 ** 20;

export class SlurmDriver implements ComputeDriver {
  readonly name = "slurm";
  readonly #options: SlurmDriverOptions;
  readonly #folder: string;
  readonly #nodesFolder: string;
  readonly #namePrefix: string;
  /** By node. */
  #jobs: ReadonlyMap<string, SlurmJob> = new Map();
  /** Nodes that are gone for good, whose folders go with their jobs. */
  readonly #released = new Set<string>();
  readonly #listeners: (() => void)[] = [];
  #service: AgentService | undefined;
  #looking: Promise<void> | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #changedAt = performance.now();
  /** When the node's last job was submitted, and how many before it had a short life one after the other. */
  readonly #lives = new Map<string, { readonly began: number; readonly shortOnes: number }>();
  /** Why no job is submitted for a while, and since when. */
  #refusal: string | undefined;
  #refusedAt = Number.NEGATIVE_INFINITY;
  /** The last trouble, so that it is logged once. */
  #trouble = "";
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @throws Error with what squeue said, where there is no Slurm */
  static async open(options: SlurmDriverOptions): Promise<SlurmDriver> {
    const driver = new SlurmDriver(options);
    driver.#jobs = driver.#ownJobs(await slurmJobs());
    driver.#releaseForgotten();
    driver.#lookLater();
    return driver;
  }

  private constructor(options: SlurmDriverOptions) {
    this.#options = options;
    this.#folder = resolve(options.dataFolder);
    this.#nodesFolder = join(this.#folder, "nodes");
    const installation = createHash("sha256").update(this.#folder).digest("hex").slice(0, 8);
    this.#namePrefix = `batchyard-${installation}-`;
  }

  configure(service: AgentService): void {
    this.#service = service;
    for (const nodeKey of this.#jobs.keys()) this.#configureAgent(nodeKey);
  }

  hosts(agentId: string): boolean {
    if (!agentId.startsWith(AGENT_PREFIX)) return false;
    return this.#jobs.get(agentId.slice(AGENT_PREFIX.length))?.state === "running";
  }

  async acquire(node: WantedNode): Promise<{ readonly agentId: string } | undefined> {
    if (this.#closed) throw new Error("The Slurm driver is closed.");
    const { nodeKey } = node;
    this.#released.delete(nodeKey);
    if (!this.#jobs.has(nodeKey)) await this.#submit(node);
    else if (performance.now() - this.#lookedAt >= this.#patience()) await this.#look();
    const agentId = agentIdOf(nodeKey);
    return this.hosts(agentId) ? { agentId } : undefined;
  }

  async release({ nodeKey }: { readonly nodeKey: string }): Promise<void> {
    this.#options.admission.revoke(agentIdOf(nodeKey));
    const job = this.#jobs.get(nodeKey);
    if (!job) {
      await this.#removeFolders(nodeKey);
      return;
    }
    this.#released.add(nodeKey);
    this.#hasChanged();
    await slurmCancel([job.id]).catch((error: Error) => {
      this.#released.delete(nodeKey); // it is not among those to keep, and so released once more
      this.#tell(error.message);
    });
  }

  async keepOnly(nodeKeys: ReadonlySet<string>): Promise<void> {
    for (const nodeKey of this.#jobs.keys())
      if (!nodeKeys.has(nodeKey) && !this.#released.has(nodeKey)) await this.release({ nodeKey });
  }

  obstacle({ nodeKey }: { readonly nodeKey: string }): string | undefined {
    const reason = this.#jobs.get(nodeKey)?.reason ?? this.#refusal;
    return reason === "None" ? undefined : reason;
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#looking;
    const end = performance.now() + CLOSE_MS;
    for (let isCancelled = false; performance.now() < end; await delay(CLOSE_LOOK_MS)) {
      try {
        const jobs = this.#ownJobs(await slurmJobs());
        if (jobs.size === 0) return;
        if (!isCancelled) await slurmCancel([...jobs.values()].map(({ id }) => id));
        isCancelled = true;
      } catch (error) {
        this.#tell((error as Error).message);
      }
    }
    this.#options.log("Slurm: some jobs have not ended yet; squeue --me shows them");
  }

  async #submit({ nodeKey, limits }: WantedNode): Promise<void> {
    if (performance.now() - this.#refusedAt < SUBMIT_AGAIN_MS) return;
    const command = [process.execPath, ...agentWords(this.#configureAgent(nodeKey))].map(shellWord).join(" ");
    const name = `${this.#namePrefix}${nodeKey}`;
    try {
      const id = await slurmSubmit({
        name,
        script: `#!/bin/sh\nexec ${command}\n`,
        environment: agentEnvironment(),
        outputFile: join(this.#agentFolder(nodeKey), "agent.log"),
        cpus: limits.cpus,
        memoryMib: Math.ceil(limits.memoryBytes / MIB),
        options: this.#options.options,
      });
      this.#refusal = undefined;
      this.#lives.set(nodeKey, {
        began: performance.now(),
        shortOnes: this.#lives.get(nodeKey)?.shortOnes ?? 0,
      });
      await this.#looking; // it may have begun too early to see the job
      const job: SlurmJob = { id, name, state: "pending", reason: "None" };
      this.#jobs = new Map([[nodeKey, job], ...this.#jobs]);
      this.#hasChanged();
    } catch (error) {
      this.#refuse((error as Error).message);
    }
  }

  #refuse(reason: string): void {
    this.#refusal = reason;
    this.#refusedAt = performance.now();
    this.#tell(reason);
  }

  /** An agent that cannot live on the cluster's machines is not started again and again. */
  #jobEnded(nodeKey: string, { id }: SlurmJob): void {
    const { began = 0, shortOnes = 0 } = this.#lives.get(nodeKey) ?? {};
    const isShort = performance.now() - began < SHORT_LIFE_MS;
    this.#lives.set(nodeKey, { began, shortOnes: isShort ? shortOnes + 1 : 0 });
    this.#options.log(`Slurm's job ${id} has ended`);
    if (isShort && shortOnes > 0)
      this.#refuse(
        `jobs end as soon as they are there; see ${join(this.#agentFolder(nodeKey), "agent.log")}`,
      );
  }

  #look(): Promise<void> {
    this.#looking ??= this.#lookOnce().finally(() => {
      this.#looking = undefined;
      this.#lookLater();
    });
    return this.#looking;
  }

  async #lookOnce(): Promise<void> {
    try {
      const jobs = this.#ownJobs(await slurmJobs());
      this.#trouble = "";
      this.#takeIn(jobs);
    } catch (error) {
      // Nothing is known of the jobs, so nothing is concluded.
      this.#tell((error as Error).message);
    }
    this.#lookedAt = performance.now();
  }

  #takeIn(jobs: ReadonlyMap<string, SlurmJob>): void {
    let isNew = false;
    const before = this.#jobs;
    this.#jobs = jobs;
    for (const nodeKey of new Set([...before.keys(), ...jobs.keys()])) {
      const was = before.get(nodeKey);
      const is = jobs.get(nodeKey);
      if (was?.id === is?.id && was?.state === is?.state) continue;
      isNew = true;
      const isAlive = is?.id === was?.id && is?.state !== "ending";
      // Before anybody hears of it: what the old agent still says must not count.
      if (was && !isAlive) this.#options.admission.revoke(agentIdOf(nodeKey));
      const hasEnded = was && was.state !== "ending" && !isAlive; // it may have run between two looks
      if (hasEnded && !this.#released.has(nodeKey)) this.#jobEnded(nodeKey, was);
      if (is !== undefined) continue;
      if (this.#released.delete(nodeKey)) this.#removeFoldersLater(nodeKey);
    }
    if (!isNew) return;
    this.#hasChanged();
    for (const listener of this.#listeners) listener();
  }

  #hasChanged(): void {
    this.#changedAt = performance.now();
    this.#lookLater();
  }

  #lookLater(): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    const isWaiting = [...this.#jobs.values()].some(({ state }) => state !== "running");
    const wait = isWaiting || this.#released.size > 0 ? this.#patience() : LOOK_AGAIN.steady;
    this.#timer = setTimeout(() => void this.#look(), wait).unref();
  }

  #patience(): number {
    return performance.now() - this.#changedAt < SOON_FOR_MS ? LOOK_AGAIN.soon : LOOK_AGAIN.waiting;
  }

  #ownJobs(jobs: readonly SlurmJob[]): Map<string, SlurmJob> {
    const own = new Map<string, SlurmJob>();
    for (const job of jobs) {
      if (!job.name.startsWith(this.#namePrefix)) continue;
      const nodeKey = job.name.slice(this.#namePrefix.length);
      if (job.state !== "ending" || !own.has(nodeKey)) own.set(nodeKey, job);
    }
    return own;
  }

  /** @returns the file that the agent reads */
  #configureAgent(nodeKey: string): string {
    if (!this.#service) throw new Error("The Slurm driver is not configured.");
    const folder = this.#agentFolder(nodeKey);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const agentId = agentIdOf(nodeKey);
    const file = join(folder, "configuration.json");
    writeAgentConfiguration(file, {
      ...this.#service,
      agentId,
      onlyNode: nodeKey,
      failureHoldMs: FAILURE_HOLD_MS,
      token: this.#options.admission.tokenOf(agentId),
      nodesFolder: this.#nodesFolder,
      cacheFolder: this.#cacheFolder,
    });
    return file;
  }

  get #cacheFolder(): string {
    return join(this.#folder, "agent");
  }

  #agentFolder(nodeKey: string): string {
    return join(this.#folder, `${FOLDER_PREFIX}${nodeKey}`);
  }

  /** Agents' folders without a job. A node that is still wanted gets another one. */
  #releaseForgotten(): void {
    for (const name of readdirSync(this.#folder)) {
      const nodeKey = name.slice(FOLDER_PREFIX.length);
      if (!name.startsWith(FOLDER_PREFIX) || this.#jobs.has(nodeKey)) continue;
      void rm(join(this.#folder, name), { recursive: true, force: true }).catch(() => {});
    }
  }

  #removeFoldersLater(nodeKey: string): void {
    this.#removeFolders(nodeKey).catch((error: Error) =>
      this.#options.log(`the folder of node ${nodeKey} is not entirely removed: ${error.message}`),
    );
  }

  async #removeFolders(nodeKey: string): Promise<void> {
    this.#lives.delete(nodeKey);
    await rm(this.#agentFolder(nodeKey), { recursive: true, force: true });
    await removeNodeFolder({
      nodesFolder: this.#nodesFolder,
      nodeKey,
      cacheFolder: this.#cacheFolder,
      execPath: process.execPath,
    });
  }

  #tell(trouble: string): void {
    if (trouble !== this.#trouble) this.#options.log(`Slurm: ${trouble}`);
    this.#trouble = trouble;
  }
}

function agentIdOf(nodeKey: string): string {
  return `${AGENT_PREFIX}${nodeKey}`;
}

function shellWord(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
