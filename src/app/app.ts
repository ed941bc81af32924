/** What a use case may use that reaches nodes. Time, randomness and the outside world come in through here, so that tests can hold them. */
import type { NodeSpec } from "../wire/agent/messages.ts";
import type { TaskAccount } from "./accounts/task-account.ts";
import type { TaskTokens } from "./accounts/task-tokens.ts";
import type { AgentGateway } from "./ports/agent-gateway.ts";
import type { ComputeDriver } from "./ports/compute-driver.ts";
import type { TaskEnds } from "./ports/task-ends.ts";
import type { Records } from "./records.ts";
import type { NodePasswords } from "./sign-in/node-passwords.ts";
import type { Storage } from "./storage/storage.ts";

export interface App extends Records {
  /** 64 random bits as 16 hex digits. */
  readonly randomId: () => string;
  readonly agents: AgentGateway;
  readonly compute: ComputeDriver;
  /** How nodes are to be kept apart from the machine and from each other. */
  readonly isolation: NodeSpec["isolation"];
  /** Nodes may have identities although other programs of the machine could use them. */
  readonly allowsUnisolatedIdentities: boolean;
  /** Whether pools that ask for Windows get nodes, which run Linux: they do where tasks find a program `cmd`. */
  readonly servesWindows: () => boolean;
  readonly nodePasswords: NodePasswords;
  readonly taskTokens: TaskTokens;
  readonly taskEnds: TaskEnds;
  /** Storage accounts and what is kept in them. */
  readonly storage: Storage;
  /** The account's name, and the URL under which a task reaches it. */
  readonly account: (accountKey: number) => TaskAccount;
}
