/**
 * The store's face: reads see the last commit, writes are grouped into durable commits. Only this folder knows SQL.
 */
import type { Connection } from "./connection.ts";

export interface Store {
  /** Sees committed state only: what it shows survives `kill -9`. */
  readonly read: Connection;
  /**
   * Runs `work` in a transaction and resolves after the commit is on disk. Works queued together share one commit, in
   * order, each able to see the earlier ones; one that throws is undone alone. `work` must await nothing but statements, and may be
   * run again where the disk was full.
   * @throws Fault InsufficientStorage (507) when there is no room, and nothing of it has happened
   */
  write<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** As `write`, for what can be added later: it is refused while what little room there is must be kept for the rest. */
  grow<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** The disk has no more room than what must go on needs. */
  readonly isFull: boolean;
  /** What is kept beside the database may take so many bytes more. */
  hasRoomFor(bytes: number): boolean;
  close(): Promise<void>;
}
