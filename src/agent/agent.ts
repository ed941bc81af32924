/**
 * What an agent does with each message of the service. It holds the nodes; runs are `run-orders.ts`'s. It has no
 * socket and no configuration. Every message may come twice, so each handler leaves alone what is already as asked.
 */

import { join } from "node:path";
import { unexpected } from "../core/unexpected.ts";
import {
  type FromAgent,
  NODE_INIT_ENDED,
  type NodeSpec,
  PROTOCOL,
  type RunId,
  type ToAgent,
} from "../wire/agent/messages.ts";
import type { DiskFull } from "./disk/node-disk.ts";
import { FileAsks } from "./files/file-asks.ts";
import { withDescriptors } from "./files/patient-open.ts";
import type { HostedKeys } from "./hosted-keys.ts";
import { HostedNode } from "./hosted-node.ts";
import { NodeJournal } from "./journal/node-journal.ts";
import { LoginObstacle } from "./login/ssh-server.ts";
import { NodeFault } from "./node-fault.ts";
import { nodeFolder } from "./node-folder.ts";
import type { NodeHost } from "./node-host.ts";
import { PackageFault } from "./packages/node-packages.ts";
import { RunOrders, runStarted } from "./runs/run-orders.ts";
import { said, saidDetails } from "./said.ts";

export interface AgentOptions {
  readonly agentId: string;
  /** Random per process. */
  readonly incarnation: string;
  readonly host: NodeHost;
  readonly hostedKeys: HostedKeys;
  /** See `AgentConfiguration`. */
  readonly failureHoldMs?: number | undefined;
  /** Lost while there is no service; `greeting` makes up for it. */
  readonly send: (message: FromAgent) => void;
  /** A piece of a file that was asked for; resolves when the next may come. */
  readonly sendChunk: (id: number, bytes: Buffer) => Promise<void>;
  readonly onShutdown: () => void;
  readonly log: (line: string) => void;
}

/** The others follow: a frame has an end. */
const REPORTS_IN_HELLO = 200;

/** A `TaskFailureInformation` code, and a node's error. */
const DISK_FULL = "DiskFull";

interface NodeEntry {
  readonly spec: NodeSpec;
  readonly journal: NodeJournal;
  /** Undefined while the node is being made, and its pool's packages are installed. */
  node?: HostedNode;
  /** Aborted when the node is to go. */
  readonly goes: AbortController;
  /** Set once the node is to go; resolves when it has gone. */
  stopping?: Promise<void>;
  /** What the service is told of a node that stands, and takes no more. */
  full?: FromAgent;
  /** Asked both ways, the folder goes. */
  folderGoes?: boolean;
  /** Undefined when it could not be made. */
  readonly made: Promise<HostedNode | undefined>;
}

export class Agent {
  readonly #options: AgentOptions;
  readonly #nodes = new Map<string, NodeEntry>();
  readonly #runs: RunOrders;
  readonly #files: FileAsks;

  constructor(options: AgentOptions) {
    this.#options = options;
    this.#runs = new RunOrders({
      nodeOf: (nodeKey) => {
        const entry = this.#nodes.get(nodeKey);
        return entry?.stopping ? undefined : entry;
      },
      journalOf: (nodeKey) => this.#nodes.get(nodeKey)?.journal,
      send: options.send,
      cleared: (nodeKey, folder) => this.#files.deletions.above(nodeKey, folder),
      failureHoldMs: options.failureHoldMs,
    });
    this.#files = new FileAsks(options);
  }

  /** The first messages of a connection: all that the service must know again. */
  greeting(): FromAgent[] {
    const { agentId, incarnation } = this.#options;
    const nodes = [...this.#nodes.values()].flatMap(({ node, stopping }) =>
      node && !stopping ? [node] : [],
    );
    const live = this.#runs.allLive();
    const reports = this.#runs.unacknowledged();
    const later = reports.splice(REPORTS_IN_HELLO);
    return [
      {
        t: "hello",
        protocol: PROTOCOL,
        agentId,
        incarnation,
        pid: process.pid,
        nodes: nodes.map(({ spec, isolation }) => ({ nodeKey: spec.nodeKey, isolation })),
        runs: [...live.map((run) => run.spec.run), ...later.map(({ run }) => run)],
        reports,
      },
      ...nodes.map(nodeReady),
      ...this.#fullNodes(),
      ...live.flatMap(runStarted),
      ...later.map((report): FromAgent => ({ t: "run.ended", report })),
      ...this.#options.host.requestLog.takeUntold(),
    ];
  }

  /** The service is there again. */
  connected(): void {
    for (const { spec, node, stopping, journal } of this.#nodes.values()) {
      if (stopping) continue;
      journal.note("connected to the service");
      // Another clock, other keys, other identities: it may have missed the news.
      node?.recheckTokens();
      node?.followService().catch((error: Error) => {
        this.#options.log(`node ${spec.nodeKey} does not reach the service: ${error.message}`);
      });
    }
  }

  receive(message: ToAgent): void {
    switch (message.t) {
      case "node.start":
        this.#startNode(message.node);
        break;
      case "node.stop":
        this.#see(message.t, this.#stopNode(message.nodeKey, message.keepFolder ?? false));
        break;
      case "run.start":
        this.#runs.start(message.spec);
        break;
      case "run.stop":
        this.#runs.stop(message.run, message.graceMs);
        break;
      case "run.ack":
        this.#runs.acknowledge(message.runs);
        break;
      case "file.ask":
        this.#files.ask(message, this.#nodes.get(message.file.nodeKey)?.node?.root);
        break;
      case "file.cancel":
        this.#files.cancel(message.id);
        break;
      case "file.credit":
        this.#files.credit(message.id, message.bytes);
        break;
      case "identity.token":
      case "identity.held":
      case "identity.refused":
        this.#options.host.identities.receive(message);
        break;
      case "identity.recheck":
        for (const { node } of this.#nodes.values()) node?.recheckTokens();
        break;
      case "login.ask":
        this.#see(message.t, this.#admit(message));
        break;
      case "logs.ask":
        this.#see(message.t, this.#sendLogs(message));
        break;
      case "shutdown":
        this.#options.onShutdown();
        break;
    }
  }

  /** What goes wrong with one node must not end the others, as an error that nobody hears would. */
  #see(what: string, work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#options.log(`${what}: ${unexpected(error)}`);
    });
  }

  /** The service is not there any more, and nobody reads what was asked for. */
  disconnected(): void {
    for (const { journal } of this.#nodes.values()) journal.note("not connected to the service any more");
    this.#files.cancelAll();
    this.#options.host.identities.cancelAll();
  }

  /** Kills all nodes and waits until they are dead. Their folders stay, for whoever wants to look. */
  async killAll(): Promise<void> {
    const entries = [...this.#nodes.values()];
    await Promise.all(entries.map((entry) => this.#takeDown(entry)));
    await Promise.all(entries.map(({ journal }) => journal.written()));
  }

  #startNode(spec: NodeSpec): void {
    const known = this.#nodes.get(spec.nodeKey);
    if (known?.node && !known.stopping) this.#options.send(nodeReady(known.node));
    if (known) return;

    const { nodesFolder } = this.#options.host;
    const journal = new NodeJournal(join(nodesFolder, spec.nodeKey));
    journal.note(`agent ${this.#options.incarnation} starts node ${spec.nodeId} of pool ${spec.poolId}`);
    const goes = new AbortController();
    const made = this.#makeNode(spec, goes.signal);
    this.#nodes.set(spec.nodeKey, { spec, journal, goes, made });
  }

  async #makeNode(spec: NodeSpec, goes: AbortSignal): Promise<HostedNode | undefined> {
    const { host, send, hostedKeys } = this.#options;
    try {
      nodeFolder(host.nodesFolder, spec.nodeKey); // it names a folder
      hostedKeys.add(spec.nodeKey);
      const node = await withDescriptors(() => HostedNode.start(spec, host, goes));
      await node.installPackages(goes).catch(async (error: unknown) => {
        if (goes.aborted) return; // whoever takes it down waits for it
        await node.kill();
        throw error;
      });
      const entry = this.#nodes.get(spec.nodeKey);
      if (entry) entry.node = node;
      if (entry?.stopping) return node;
      send(nodeReady(node));
      entry?.journal.note(`the node stands: ${node.isolation}, ${node.containment}, ${node.ipAddress}`);
      if (node.outboundObstacle !== undefined) {
        this.#options.log(`node ${spec.nodeKey} has no outbound network: ${node.outboundObstacle}`);
        entry?.journal.note(`the node has no outbound network: ${node.outboundObstacle}`);
      }
      this.#see(
        "a node's end",
        node.gone.then(() => this.#nodeGone(spec.nodeKey)),
      );
      // While the node was not here nothing of it was being deleted.
      for (const run of this.#runs.on(spec.nodeKey)) node.launch(run);
      node.watchDisk((full) => this.#diskFull(spec.nodeKey, full));
      node.watchMounts((fault) => this.#takesNoMore(spec.nodeKey, fault));
      return node;
    } catch (error) {
      const entry = this.#nodes.get(spec.nodeKey);
      // Whoever takes it down tells of its end.
      if (entry?.stopping) return undefined;
      this.#nodes.delete(spec.nodeKey);
      this.#nodeFailed(spec.nodeKey, error, entry?.journal);
      return undefined;
    }
  }

  /** What runs there may yet end, and be read; nothing more is to start. */
  #diskFull(nodeKey: string, { message, endsRuns }: DiskFull): void {
    const isTold = this.#takesNoMore(nodeKey, new NodeFault(DISK_FULL, message));
    if (isTold && endsRuns) for (const run of this.#runs.on(nodeKey)) run.refuse(DISK_FULL, message);
  }

  /** @returns false for a node that goes anyway */
  #takesNoMore(nodeKey: string, { code, message, details }: NodeFault): boolean {
    const entry = this.#nodes.get(nodeKey);
    if (!entry || entry.stopping) return false;
    this.#options.log(`node ${nodeKey}: ${message}`);
    entry.journal.note(message);
    entry.full = {
      t: "node.failed",
      nodeKey,
      code,
      message,
      ...(details && { details: saidDetails(details) }),
    };
    this.#options.send(entry.full);
    return true;
  }

  #fullNodes(): FromAgent[] {
    return [...this.#nodes.values()].flatMap(({ full, stopping }) => (full && !stopping ? [full] : []));
  }

  /** An init that was not told to go has been killed from outside, and its tasks with it. */
  async #nodeGone(nodeKey: string): Promise<void> {
    const entry = this.#nodes.get(nodeKey);
    if (!entry || entry.stopping) return;
    await this.#takeDown(entry);
    this.#nodes.delete(nodeKey);
    const fault = new NodeFault(NODE_INIT_ENDED, "The node's init ended unexpectedly.");
    this.#nodeFailed(nodeKey, fault, entry.journal);
  }

  #nodeFailed(nodeKey: string, error: unknown, journal: NodeJournal | undefined): void {
    const isTold = error instanceof NodeFault || error instanceof PackageFault;
    const code = isTold ? error.code : "NodeStartFailed";
    const details = isTold && error.details ? { details: saidDetails(error.details) } : {};
    const message = said(error instanceof Error ? error.message : String(error));
    this.#options.log(`node ${nodeKey} failed: ${code}: ${message}`);
    journal?.note(`the node failed: ${code}: ${message}`);
    this.#options.send({ t: "node.failed", nodeKey, code, message, ...details });
    for (const run of this.#runs.on(nodeKey)) run.end({ kind: "stopped" });
  }

  async #stopNode(nodeKey: string, keepFolder: boolean): Promise<void> {
    const entry = this.#nodes.get(nodeKey);
    if (entry) {
      const alreadyStopping = entry.stopping !== undefined;
      if (!keepFolder) entry.folderGoes = true;
      entry.journal.note(
        keepFolder ? "the node is taken down, and will come back" : "the node is taken down",
      );
      await this.#takeDown(entry);
      if (alreadyStopping) return;
      if (entry.folderGoes) {
        const removed = [entry.node?.removeFolder(), entry.journal.remove()];
        await Promise.all(removed).catch((error: Error) => {
          this.#options.log(`the folder of node ${nodeKey} is not entirely removed: ${error.message}`);
        });
      } else await entry.journal.written();
      this.#nodes.delete(nodeKey);
      this.#options.hostedKeys.remove(nodeKey);
    }
    this.#options.send({ t: "node.stopped", nodeKey });
  }

  #takeDown(entry: NodeEntry): Promise<void> {
    entry.goes.abort();
    entry.stopping ??= entry.made.then(async (node) => {
      await node?.kill();
      for (const run of this.#runs.on(entry.spec.nodeKey)) run.end({ kind: "stopped" });
    });
    return entry.stopping;
  }

  async #admit({ id, nodeKey, users }: Extract<ToAgent, { t: "login.ask" }>): Promise<void> {
    const { log, send } = this.#options;
    try {
      const entry = this.#nodes.get(nodeKey);
      const node = await entry?.made;
      if (this.#options.host.reach?.host !== undefined)
        throw new LoginObstacle("Users cannot log in to nodes on other machines than the service's yet.");
      if (!node) throw new LoginObstacle("The node is not here.");
      send({ t: "login.open", id, address: "127.0.0.1", ...(await node.admit(users, log)) });
      if (users) entry?.journal.note(`${users.length} users may log in`);
    } catch (error) {
      if (id === 0 || !(error instanceof LoginObstacle))
        log(`users of node ${nodeKey}: ${(error as Error).message}`);
      send({ t: "login.refused", id, message: said((error as Error).message) });
    }
  }

  async #sendLogs({ id, nodeKey, logs }: Extract<ToAgent, { t: "logs.ask" }>): Promise<void> {
    const { send } = this.#options;
    const entry = this.#nodes.get(nodeKey);
    try {
      const node = await entry?.made;
      if (!node || entry?.stopping) throw new Error("The node is not here.");
      entry?.journal.note(`files of ${logs.from} to ${logs.until ?? "now"} are sent to ${logs.folder}`);
      const files = entry ? await node.sendJournal(entry.journal, logs) : 0;
      send({ t: "logs.sent", id, files });
    } catch (error) {
      const message = said((error as Error).message);
      entry?.journal.note(`files could not be sent: ${message}`);
      send({ t: "logs.refused", id, message });
    }
  }

  /** What is under way there. */
  runsOn(nodeKey: string): RunId[] {
    return this.#runs.on(nodeKey).map(({ spec }) => spec.run);
  }
}

function nodeReady({
  spec,
  isolation,
  containment,
  ipAddress,
  endpoints,
  ipv6Address,
}: HostedNode): FromAgent {
  const ready = { nodeKey: spec.nodeKey, isolation, containment, ipAddress };
  const ipv6 = ipv6Address !== undefined && { ipv6Address };
  return { t: "node.ready", ...ready, ...ipv6, ...(endpoints.length > 0 && { endpoints }) };
}
