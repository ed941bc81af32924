/**
 * Tells the audit log who asked for tokens of nodes' identities, and what came of it. A task decides how often it asks: for each
 * node ten minutes have a few lines, which say how many requests they stand for.
 */

import { randomUUID } from "node:crypto";
import { RepeatedEvents } from "../../core/audit/repeated-events.ts";
import type { Store } from "../../store/engine/store.ts";
import { jobByKey } from "../../store/work/jobs.ts";
import { nodeUsersOfNode } from "../../store/work/node-users.ts";
import { type NodeRow, nodeByKey } from "../../store/work/nodes.ts";
import { poolByKey } from "../../store/work/pools.ts";
import { taskByKey, tasksRunningOnNode } from "../../store/work/tasks.ts";
import type { Caller } from "../../wire/access/access-api.ts";
import type { RunId } from "../../wire/agent/messages.ts";
import { relayedNodeKey } from "../../wire/agent/relay-address.ts";
import { parseRun } from "../../wire/agent/run-name.ts";
import type { AccessJournal } from "../access/access-journal.ts";
import { type AccountHandle, accountScope } from "../accounts/account-handle.ts";

/** A node as the audit log tells it. */
export interface AskingNode {
  readonly account: AccountHandle;
  readonly node: NodeRow;
  /** `/pools/<pool>/nodes/<node>` */
  readonly path: string;
}

/** A process outside any node, which has dialled the service itself. */
export interface Stranger {
  readonly operation: "Agent_Connect" | "Agent_Message" | "Metadata_Request";
  readonly target: string;
  readonly address: string;
  /** Of this machine, where the kernel says which. */
  readonly user?: string | undefined;
}

export interface IdentityRequest {
  readonly operation: "Identity_Token" | "Metadata_Request" | "WireServer_Request";
  /** Behind the node's path. */
  readonly asked: string;
  readonly status: number;
  /** Why it was refused, or would be were it not only looked at; undefined for what was in order. */
  readonly missing?: string;
  readonly identity?: { readonly principalId: string; readonly clientId: string };
  readonly from?: string;
  /** User and program inside the node, where its agent has looked. */
  readonly asker?: string;
  /** What is known to have asked. */
  readonly run?: RunId;
}

type Told = Parameters<AccessJournal["identity"]>;

const WINDOW_MS = 600_000;
const KINDS_MAX = 32;
const TARGET_MAX_CHARACTERS = 300;
/** Strangers are told apart by less than a node is: they are all one. */
const STRANGERS = "";

export class IdentityRequests {
  readonly #store: Store;
  readonly #journal: AccessJournal;
  readonly #clock: () => number;
  readonly #home: () => Pick<AccountHandle, "tenantId" | "subscriptionId">;
  readonly #windows = new Map<string, RepeatedEvents<Told>>();

  /** @param home where the installation's own affairs are told */
  constructor(
    store: Store,
    journal: AccessJournal,
    clock: () => number,
    home: () => Pick<AccountHandle, "tenantId" | "subscriptionId">,
  ) {
    this.#home = home;
    this.#store = store;
    this.#journal = journal;
    this.#clock = clock;
  }

  /** @param times how many such requests the node's agent has counted */
  async ofNode({ account, node, path }: AskingNode, request: IdentityRequest, times = 1): Promise<void> {
    const { operation, asked, status, missing, identity } = request;
    const caller = identity
      ? {
          tenantId: account.tenantId,
          principalId: identity.principalId,
          principalType: "ServicePrincipal" as const,
          appId: identity.clientId,
        }
      : await this.#callerOn(account.tenantId, node, request);
    const target = `${path}${asked}`;
    const judged = { caller, operation, scope: accountScope(account), target, plane: "imds" as const };
    this.#tell(String(node.key), judged, status, missing, times);
  }

  /** Never rejects: nobody waits for it. */
  async ofStranger(
    { operation, target, address, user }: Stranger,
    status: number,
    missing: string,
  ): Promise<void> {
    const { tenantId, subscriptionId } = this.#home();
    // A store that is being closed has no answer.
    const relayed = await this.#relayed(address).catch(() => undefined);
    const whose = relayed === undefined ? user : `as ${relayed} does`;
    const from = whose === undefined ? address : `${address}, ${whose}`;
    const caller = { tenantId, principalId: null, principalType: "Unknown" as const, appId: null, from };
    const plane = operation === "Metadata_Request" ? ("imds" as const) : ("node" as const);
    const scope = `/subscriptions/${subscriptionId}`;
    const judged = { caller, operation, scope, target: target.slice(0, TARGET_MAX_CHARACTERS), plane };
    // Addresses are many, and anybody may choose one: only those of nodes are told apart.
    this.#tell(relayed ?? STRANGERS, judged, status, missing, 1);
  }

  /** Tells what has only been counted. */
  close(): void {
    for (const window of this.#windows.values()) window.close();
    this.#windows.clear();
  }

  /** The node that an address is of, if it is one's. */
  async #relayed(address: string): Promise<string | undefined> {
    const key = relayedNodeKey(address);
    const node = key !== undefined && (await nodeByKey.first(this.#store.read, { key: Number(key) }));
    const pool = node && (await poolByKey.first(this.#store.read, { key: node.pool_key }));
    return node && pool ? `/pools/${pool.id}/nodes/${node.id}` : undefined;
  }

  /** Known where nothing else runs on the node. */
  async #callerOn(tenantId: string, node: NodeRow, request: IdentityRequest): Promise<Caller> {
    const { from, asker = from, run } = request;
    const { read } = this.#store;
    const known = run === undefined ? undefined : parseRun(run);
    const running =
      known?.kind === "task"
        ? await taskByKey.all(read, { key: known.taskKey })
        : await tasksRunningOnNode.all(read, { node_key: node.key });
    const [only, ...others] = running;
    // Where users log in, it may be one of them.
    const isSure = known !== undefined || !(await nodeUsersOfNode.first(read, { node_key: node.key }));
    const job = isSure && only && others.length === 0 && (await jobByKey.first(read, { key: only.job_key }));
    return {
      tenantId,
      principalId: null,
      principalType: from === undefined ? "Task" : "Unknown",
      appId: null,
      ...(only && job && from === undefined && { task: { jobId: job.id, taskId: only.id } }),
      ...(asker !== undefined && { from: asker }),
    };
  }

  #tell(
    who: string,
    judged: Omit<Told[0], "requestId" | "at">,
    status: number,
    missing: string | undefined,
    times: number,
  ): void {
    const kind = JSON.stringify([judged.target, status, missing, judged.caller.from, judged.caller.task]);
    const make = (): Told => [
      { requestId: randomUUID(), at: this.#clock(), ...judged },
      status,
      missing,
      times,
    ];
    const window = this.#window(who);
    // What the agent has counted it has bounded as well.
    if (times > 1) this.#journal.identity(...make());
    else window.note(kind, make);
  }

  #window(who: string): RepeatedEvents<Told> {
    const known = this.#windows.get(who);
    if (known) return known;
    const window: RepeatedEvents<Told> = new RepeatedEvents<Told>({
      windowMs: WINDOW_MS,
      kindsMax: KINDS_MAX,
      tell: ([request, status, missing], times, isMixed) => {
        const target = isMixed ? `${request.target.split("?")[0]}?various` : request.target;
        const at = this.#clock();
        this.#journal.identity({ ...request, requestId: randomUUID(), at, target }, status, missing, times);
      },
      later: (callback, ms) => {
        setTimeout(() => {
          callback();
          if (window.isIdle) this.#windows.delete(who);
        }, ms).unref();
      },
    });
    this.#windows.set(who, window);
    return window;
  }
}
