/** What every use case may use. Time, randomness and the outside world come in through here, so that tests can hold them. */
import type { Store } from "../store/engine/store.ts";
import type { NodeSpec } from "../wire/agent/messages.ts";
import type { AccountHandle } from "./accounts/account-handle.ts";
import type { TaskTokens } from "./accounts/task-tokens.ts";
import type { Sealing } from "./directory/sealing.ts";
import type { AgentGateway } from "./ports/agent-gateway.ts";
import type { ComputeDriver } from "./ports/compute-driver.ts";
import type { Storage } from "./storage/storage.ts";

/** Wakes a reconciler. Cheap, safe to repeat, and safe inside a write that is undone later. */
export interface Nudge {
  /** Tasks of this pool may be placed. */
  placement(poolKey: number): void;
  /** Some pool has more or fewer nodes than it wants, or a node waits for a step. */
  nodes(): void;
  /** Some job is on its way to another state. */
  jobs(): void;
  /** Some schedule is due, or on its way to another state. */
  schedules(): void;
  /** Some pool's formula is due. */
  autoscale(): void;
}

/** What an account is to its tasks. */
export interface TaskAccount {
  readonly name: string;
  /** Under which they reach it. */
  readonly url: string;
  /** Name of its auto-storage account; undefined where it has none here. */
  readonly autoStorage: string | undefined;
  /** Undefined once it has gone. */
  readonly handle: AccountHandle | undefined;
  /** Nodes reach it as an identity of their own; undefined where they are given URLs signed with its key. */
  readonly autoStorageIdentity?: {
    /** Undefined where the account does not say which: then nodes come as nobody, and are refused. */
    readonly resourceId: string | undefined;
  };
}

export interface App {
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** 64 random bits as 16 hex digits. */
  readonly randomId: () => string;
  readonly agents: AgentGateway;
  readonly compute: ComputeDriver;
  readonly nudge: Nudge;
  /** How nodes are to be kept apart from the machine and from each other. */
  readonly isolation: NodeSpec["isolation"];
  /** Nodes may have identities although other programs of the machine could use them. */
  readonly allowsUnisolatedIdentities: boolean;
  /** For what must be stored and given to nodes in clear. */
  readonly sealing: Sealing;
  readonly taskTokens: TaskTokens;
  /** Storage accounts and what is kept in them. */
  readonly storage: Storage;
  /** The account's name, and the URL under which a task reaches it. */
  readonly account: (accountKey: number) => TaskAccount;
}

/** What a use case takes that changes records and leaves what follows to the reconcilers. Management has it too. */
export type Records = Pick<App, "store" | "clock" | "nudge" | "sealing">;
