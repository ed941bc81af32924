/**
 * Provides the nodes of this machine: one agent process for each account, so that what the tasks of one account do to their agent is
 * no other account's affair (docs/decisions, "An agent for each account"). Agents outlive the service, and are found again.
 */
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { AgentAdmission, AgentService, ComputeDriver, WantedNode } from "../app/ports/compute-driver.ts";
import { LocalAgent } from "./local-agent.ts";
import { MachineLoad } from "./machine-load.ts";
import { removeAsAgent, removeNodeFolder } from "./node-folder.ts";

/**
 * The first account's agent has the name and the folder that the one agent of all accounts had: an installation that is older than the
 * others' agents finds its nodes where they are.
 */
const FIRST = { account: "1", agentId: "local" };
const OTHERS_PREFIX = "local-";
/** The folder, below the agents', of what they share. */
const MACHINE_FOLDER = "machine";

export interface LocalDriverOptions {
  readonly dataFolder: string;
  readonly admission: AgentAdmission;
  /** The Node.js that runs the agents; default: the one that runs this. */
  readonly execPath?: string;
  readonly log: (line: string) => void;
}

/** An agent that hosts no node any more is ended after this long: its account may want one again soon. */
const IDLE_MS = 60_000;

export class LocalDriver implements ComputeDriver {
  readonly name = "local";
  readonly #options: LocalDriverOptions;
  readonly #folder: string;
  readonly #nodesFolder: string;
  readonly #load = new MachineLoad();
  readonly #listeners: (() => void)[] = [];
  /** By their ids: those that live, and those that did. */
  readonly #agents = new Map<string, LocalAgent>();
  /** Since when an agent has hosted nothing. */
  readonly #idleSince = new Map<string, number>();
  #service: AgentService | undefined;
  #closed = false;

  constructor(options: LocalDriverOptions) {
    this.#options = options;
    this.#folder = resolve(options.dataFolder, "agent");
    this.#nodesFolder = resolve(options.dataFolder, "nodes");
    this.#agent(FIRST.agentId);
    // Those that an earlier service has started.
    for (const name of existsSync(this.#folder) ? readdirSync(this.#folder) : [])
      if (/^\d{1,15}$/.test(name)) this.#agent(`${OTHERS_PREFIX}${name}`);
  }

  configure(service: AgentService): void {
    this.#service = service;
    for (const agent of this.#agents.values()) this.#configure(agent);
  }

  hosts(agentId: string): boolean {
    return this.#agents.has(agentId);
  }

  async acquire({ account }: WantedNode): Promise<{ readonly agentId: string }> {
    if (this.#closed) throw new Error("The local driver is closed.");
    const agentId = account === FIRST.account ? FIRST.agentId : `${OTHERS_PREFIX}${account}`;
    this.#idleSince.delete(agentId);
    await this.#agent(agentId).ensure();
    return { agentId };
  }

  /** All nodes share this machine. */
  cpuPercent(): number | undefined {
    return this.#load.cpuPercent();
  }

  /** An agent removes a node's folder itself; this is for the nodes of one that died. */
  async release({ nodeKey }: { readonly nodeKey: string }): Promise<void> {
    const { execPath = process.execPath } = this.#options;
    await removeNodeFolder({ nodesFolder: this.#nodesFolder, nodeKey, cacheFolder: this.#folder, execPath });
  }

  /** Agents that host nothing are ended, but for the first one. */
  async keepOnly(_: ReadonlySet<string>, agentIds: ReadonlySet<string>): Promise<void> {
    const now = performance.now();
    for (const [agentId, agent] of this.#agents) {
      if (agentId === FIRST.agentId || agentIds.has(agentId)) {
        this.#idleSince.delete(agentId);
        continue;
      }
      const since = this.#idleSince.get(agentId) ?? now;
      this.#idleSince.set(agentId, since);
      if (now - since < IDLE_MS) continue;
      this.#agents.delete(agentId);
      this.#idleSince.delete(agentId);
      await agent.close();
    }
  }

  /** The death of an earlier service's agent is reported as well, as soon as anybody listens. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
    if (this.#listeners.length > 1) return;
    const agents = [...this.#agents.values()];
    const dead = agents.filter((agent) => !agent.adopt() && agent.wasStarted);
    // Nodes of an agent that lives may stand on what lies there.
    if (agents.every((agent) => !agent.adopt())) this.#removeShared();
    if (dead.length > 0) setImmediate(() => this.#announce());
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#agents.values()].map((agent) => agent.close()));
  }

  /** Made known, not started. */
  #agent(agentId: string): LocalAgent {
    const known = this.#agents.get(agentId);
    if (known) return known;
    const { execPath = process.execPath, log } = this.#options;
    const folder =
      agentId === FIRST.agentId ? this.#folder : join(this.#folder, agentId.slice(OTHERS_PREFIX.length));
    const agent = new LocalAgent({ agentId, folder, execPath, onDied: () => this.#announce(), log });
    this.#agents.set(agentId, agent);
    this.#configure(agent);
    return agent;
  }

  #configure(agent: LocalAgent): void {
    if (!this.#service) return;
    agent.configure({
      ...this.#service,
      agentId: agent.agentId,
      token: this.#options.admission.tokenOf(agent.agentId),
      nodesFolder: this.#nodesFolder,
      cacheFolder: this.#folder,
      machineFolder: join(this.#folder, MACHINE_FOLDER),
    });
  }

  /** What belongs to ids that only agents have takes a program of theirs, for which nobody waits. */
  #removeShared(): void {
    const shared = join(this.#folder, MACHINE_FOLDER);
    const old = `${shared}-old`;
    const { execPath = process.execPath, log } = this.#options;
    if (!existsSync(shared)) return;
    try {
      rmSync(shared, { recursive: true, force: true });
    } catch {
      renameSync(shared, `${old}-${process.pid}`);
      const removal = { folders: [`${old}-${process.pid}`], cacheFolder: this.#folder, execPath };
      removeAsAgent(removal).catch((error: Error) => log(`${old}-${process.pid} stays: ${error.message}`));
    }
  }

  #announce(): void {
    for (const listener of this.#listeners) listener();
  }
}
