/** All reconcilers of one service, and the nudges that wake them. They decide nothing: each calls a use case. */
import type { App } from "../app/app.ts";
import { certificatesAdvance } from "../app/certificates/certificate.ts";
import { jobsAdvance } from "../app/jobs/jobs-advance.ts";
import { deletionsAdvance } from "../app/management/deletions-advance.ts";
import type { Management } from "../app/management/management.ts";
import { poolReconcile } from "../app/node-life/pool-reconcile.ts";
import { nodeUsersExpire } from "../app/nodes/node-users-expire.ts";
import { nodesKeep } from "../app/nodes/nodes-keep.ts";
import { poolsAutoScale } from "../app/pools/pool-autoscale.ts";
import { poolSamplesTake, SAMPLE_PERIOD } from "../app/pools/pool-figures.ts";
import { poolKeys } from "../app/pools/pool-read.ts";
import type { Nudge } from "../app/ports/nudge.ts";
import { schedulesAdvance } from "../app/schedules/schedules-advance.ts";
import { taskFilesClean } from "../app/tasks/task-files-clean.ts";
import { tasksPlace } from "../app/tasks/tasks-place.ts";
import { unexpected } from "../core/unexpected.ts";
import { Reconciler } from "./reconciler.ts";

/** Milliseconds. Nudges do the work; periods only catch what no nudge told. */
const PERIOD = {
  placement: 5_000,
  nodes: 1_000,
  jobs: 1_000,
  certificates: 1_000,
  /** Of accounts and resource groups. */
  deletions: 1_000,
  retention: 10_000,
  schedules: 1_000,
  autoscale: 1_000,
  samples: SAMPLE_PERIOD,
};

/** What the loops work on. */
interface Begun {
  readonly app: App;
  readonly reconcilers: Readonly<Record<keyof typeof PERIOD, Reconciler>>;
}

/** A nudge before the start is lost without harm: each loop begins with a look at everything. */
export class Loops implements Nudge {
  readonly #log: (line: string) => void;
  /** Pools whose placement is asked for and has not begun. */
  readonly #placing = new Set<number>();
  #begun: Begun | undefined;
  #closed = false;

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  start(app: App, management: Management): void {
    const reconciler = (name: keyof typeof PERIOD, step: () => Promise<void>) =>
      new Reconciler({ name, periodMs: PERIOD[name], step, log: this.#log });
    const reconcilers = {
      placement: reconciler("placement", async () => {
        for (const poolKey of await poolKeys(app)) this.placement(poolKey);
      }),
      nodes: reconciler("nodes", async () => {
        await nodeUsersExpire(app);
        for (const poolKey of await poolKeys(app)) await poolReconcile(app, poolKey);
        await nodesKeep(app);
      }),
      jobs: reconciler("jobs", () => jobsAdvance(app)),
      certificates: reconciler("certificates", () => certificatesAdvance(app)),
      deletions: reconciler("deletions", () => deletionsAdvance(management)),
      retention: reconciler("retention", () => taskFilesClean(app)),
      schedules: reconciler("schedules", () => schedulesAdvance(app)),
      autoscale: reconciler("autoscale", () => poolsAutoScale(app)),
      samples: reconciler("samples", () => poolSamplesTake(app)),
    };
    this.#begun = { app, reconcilers };
    for (const each of Object.values(reconcilers)) each.start();
  }

  /**
   * At once, not by a reconciler's turn: asked for inside a write, the placement joins that write's commit, and what one task
   * frees the next one takes without another wait for the disk.
   */
  placement(poolKey: number): void {
    if (!this.#begun || this.#closed || this.#placing.has(poolKey)) return;
    this.#placing.add(poolKey);
    tasksPlace(this.#begun.app, poolKey, () => this.#placing.delete(poolKey)).catch((error: unknown) => {
      // It may not even have begun; the period asks again.
      this.#placing.delete(poolKey);
      this.#log(`placement: ${unexpected(error)}`);
    });
  }

  nodes(): void {
    this.#begun?.reconcilers.nodes.nudge();
  }

  jobs(): void {
    this.#begun?.reconcilers.jobs.nudge();
  }

  schedules(): void {
    this.#begun?.reconcilers.schedules.nudge();
  }

  autoscale(): void {
    this.#begun?.reconcilers.autoscale.nudge();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(Object.values(this.#begun?.reconcilers ?? {}).map((reconciler) => reconciler.close()));
  }
}
