/**
 * The store's face: reads see the last commit, writes are grouped into durable commits. Only this folder knows SQL.
 */
import type { Connection } from "./connection.ts";

export interface Store {
  /** Sees committed state only: what it shows survives `kill -9`. */
  readonly read: Connection;
  /**
   * Runs `work` in a transaction and resolves after the commit is on disk. Works queued together share one commit, in
   * order, each able to see the earlier ones; one that throws is undone alone. `work` must await nothing but statements.
   */
  write<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
