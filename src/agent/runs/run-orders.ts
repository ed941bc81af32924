/**
 * Orders to start and to stop runs, and what the service is told of them: each beginning once, each end until it is acknowledged. It knows
 * no more of nodes than which one a run belongs to.
 */
import { taskFolder } from "../../core/lifecycle/task-environment.ts";
import type { FromAgent, RunId, RunReport, RunSpec } from "../../wire/agent/messages.ts";
import type { HostedNode } from "../hosted-node.ts";
import type { NodeJournal } from "../journal/node-journal.ts";
import { outcomeOf, runLine } from "../journal/run-lines.ts";
import { NodeRun } from "./node-run.ts";
import { RunLedger } from "./run-ledger.ts";

export interface RunOrdersOptions {
  /** The node of a run, while it is here and does not go. */
  readonly nodeOf: (nodeKey: string) => { readonly node?: HostedNode } | undefined;
  /** The journal of a node, also of one that goes. */
  readonly journalOf: (nodeKey: string) => NodeJournal | undefined;
  readonly send: (message: FromAgent) => void;
  /** Resolves when what is being deleted where the run will be has gone; undefined where it may begin. */
  readonly cleared: (nodeKey: string, folder: string) => Promise<void> | undefined;
  /** See `AgentConfiguration`. */
  readonly failureHoldMs?: number | undefined;
}

export class RunOrders {
  readonly #options: RunOrdersOptions;
  readonly #runs = new RunLedger();
  #begun: NodeRun[] = [];

  constructor(options: RunOrdersOptions) {
    this.#options = options;
  }

  start(spec: RunSpec): void {
    if (!this.#runs.isNew(spec.run)) {
      this.#repeatReport(spec.run);
      return;
    }
    const run = this.#newRun(spec);
    const entry = this.#options.nodeOf(spec.nodeKey);
    // Without its node it was never to run here: the order crossed with the node's end.
    if (!entry) run.end({ kind: "stopped" });
    else if (entry.node) entry.node.launch(run, this.#options.cleared(spec.nodeKey, taskFolder(spec.place)));
  }

  stop(id: RunId, graceMs: number): void {
    const live = this.#runs.live(id);
    if (live) {
      this.#note(live.spec, `is stopped, within ${graceMs} ms`);
      live.stop(graceMs);
    } else if (!this.#runs.isNew(id)) this.#repeatReport(id);
    else {
      // Never heard of. Remembered as stopped, so that a start which comes late finds it over.
      const endTime = new Date().toISOString();
      this.#settle({ run: id, nodeKey: "", endTime, end: { kind: "stopped" } });
    }
  }

  acknowledge(runs: readonly RunId[]): void {
    for (const run of runs) this.#runs.acknowledge(run);
  }

  /** What is under way, on all nodes. */
  allLive(): NodeRun[] {
    return this.#runs.allLive();
  }

  /** What is under way on one node. */
  on(nodeKey: string): NodeRun[] {
    return this.#runs.allLive().filter((run) => run.spec.nodeKey === nodeKey);
  }

  /** Ends that the service has not acknowledged. */
  unacknowledged(): RunReport[] {
    return this.#runs.unacknowledged();
  }

  #newRun(spec: RunSpec): NodeRun {
    const run = new NodeRun(
      spec,
      (started) => {
        this.#note(spec, "runs");
        if (this.#begun.push(started) === 1) setImmediate(() => this.#tellBegun());
      },
      (report) => {
        this.#note(spec, outcomeOf(report));
        this.#settleOrHold(report);
      },
    );
    this.#runs.add(run);
    return run;
  }

  #note(spec: RunSpec, what: string): void {
    this.#options.journalOf(spec.nodeKey)?.note(runLine(spec, what));
  }

  /** Of a run that has ended meanwhile, its report tells. */
  #tellBegun(): void {
    const begun = this.#begun;
    this.#begun = [];
    for (const run of begun)
      if (this.#runs.live(run.spec.run)) for (const message of runStarted(run)) this.#options.send(message);
  }

  #settleOrHold(report: RunReport): void {
    const { failureHoldMs = 0 } = this.#options;
    const isFailure = report.end.kind === "exited" && report.end.exitCode !== 0;
    if (isFailure && failureHoldMs > 0) setTimeout(() => this.#settle(report), failureHoldMs);
    else this.#settle(report);
  }

  #settle(report: RunReport): void {
    this.#runs.settle(report);
    this.#options.send({ t: "run.ended", report });
  }

  #repeatReport(run: RunId): void {
    const report = this.#runs.report(run);
    if (report) this.#options.send({ t: "run.ended", report });
  }
}

/** Empty for a run that has not begun. */
export function runStarted({ spec, startTime }: NodeRun): FromAgent[] {
  return startTime === undefined
    ? []
    : [{ t: "run.started", run: spec.run, nodeKey: spec.nodeKey, startTime }];
}
