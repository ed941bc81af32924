/**
 * One service per data folder. The lock is SQLite's own lock on an empty database: the system drops it with the process, however
 * that ends, so that no stale lock file ever stands in the way.
 */
import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

export interface FolderLock {
  release(): void;
}

/** @returns undefined when another process holds it */
export function lockFolder(file: string): FolderLock | undefined {
  closeSync(openSync(file, "a", 0o600));
  const database = new DatabaseSync(file);
  try {
    database.exec("pragma locking_mode=exclusive");
    database.exec("begin exclusive");
    return { release: () => database.close() };
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined;
    throw error;
  }
}

const SQLITE_BUSY = 5;
