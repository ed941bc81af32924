/**
 * The embedded store: node:sqlite in WAL mode with one writing and one reading connection. Owns grouping writes into
 * durable commits. `synchronous=FULL` stays on: an accepted request survives power loss.
 */
import { chmodSync, closeSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Connection, SqlValue } from "./connection.ts";
import { DiskSpace, diskFull } from "./disk-space.ts";
import { migrate } from "./migrate.ts";
import type { Store } from "./store.ts";

/** Prepared statements kept per connection; the few that are compiled per request must not pile up. */
const MAX_PREPARED_STATEMENTS = 400;

interface Prepared {
  readonly statement: StatementSync;
  readonly row: (cells: readonly SqlValue[]) => Record<string, SqlValue>;
}

/**
 * Makes an object of a row's cells. As a function of its own for each statement it takes a tenth of the time that setting one name after
 * the other takes. The names are those of our own statements' columns.
 */
function rowOf(columns: readonly string[]): Prepared["row"] {
  const entries = columns.map((name, at) => `${JSON.stringify(name)}: cells[${at}]`);
  return new Function("cells", `return { ${entries.join(", ")} };`) as Prepared["row"];
}

export class SqliteConnection implements Connection {
  readonly dialect = "sqlite";
  protected readonly database: DatabaseSync;
  readonly #prepared = new Map<string, Prepared>();

  constructor(database: DatabaseSync) {
    this.database = database;
  }

  async query(sql: string, values: readonly SqlValue[]): Promise<Record<string, SqlValue>[]> {
    const { statement, row } = this.#prepare(sql);
    return (statement.all(...values) as unknown as SqlValue[][]).map(row);
  }

  async execute(sql: string, values: readonly SqlValue[]): Promise<number> {
    return Number(this.#prepare(sql).statement.run(...values).changes);
  }

  #prepare(sql: string): Prepared {
    let prepared = this.#prepared.get(sql);
    if (prepared === undefined) {
      const oldest = this.#prepared.keys().next();
      if (this.#prepared.size >= MAX_PREPARED_STATEMENTS && !oldest.done) this.#prepared.delete(oldest.value);
      const statement = this.database.prepare(sql);
      // Left to itself, node:sqlite makes each row name by name, which takes longer than to read it.
      statement.setReturnArrays(true);
      prepared = { statement, row: rowOf(statement.columns().map(({ name }) => name)) };
      this.#prepared.set(sql, prepared);
    }
    return prepared;
  }
}

/**
 * Reads one snapshot until the store commits the next. To take SQLite's locks anew for each read costs as much as the read.
 */
class SnapshotConnection extends SqliteConnection {
  override query(sql: string, values: readonly SqlValue[]): Promise<Record<string, SqlValue>[]> {
    if (!this.database.isTransaction) this.database.exec("begin");
    return super.query(sql, values);
  }

  /** To be called right before a commit: a snapshot that is held keeps SQLite from reusing its log. */
  release(): void {
    if (this.database.isTransaction) this.database.exec("commit");
  }
}

interface QueuedWrite {
  readonly work: (connection: Connection) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Works in one commit at the most, so that a flood of writes cannot starve the event loop. */
const MAX_WRITES_PER_COMMIT = 256;

/** Milliseconds of works in one commit, after which no further one is begun: nothing else of the process runs meanwhile. */
const COMMIT_BUDGET = 40;

/** SQLite's result code for a disk without room. */
const SQLITE_FULL = 13;
/** Kept free inside the database, for the ends of tasks and for sign-ins: a megabyte. Ours. */
const FREE_PAGES = 256;
const PAGE_BYTES = 4_096;
/** Without a write, until the room is looked after; of a store that is never without, so often. Ours. */
const IDLE_MS = 300;
const BUSY_MS = 5_000;
const PAGES_BETWEEN_CHECKPOINTS = 4_000;
const PAGES_BETWEEN_CHECKPOINTS_WHEN_FULL = 100;

class SqliteStore implements Store {
  readonly read: SnapshotConnection;
  readonly #writer: DatabaseSync;
  readonly #reader: DatabaseSync;
  readonly #connection: Connection;
  #queue: QueuedWrite[] = [];
  #flushing: Promise<void> | undefined;
  #closed = false;
  readonly #space: DiskSpace;
  /** The disk was full, and the log is kept short. */
  #isShort = false;
  #hasReserved = false;
  #reservedAt = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(writer: DatabaseSync, reader: DatabaseSync, space: DiskSpace) {
    this.#space = space;
    this.#writer = writer;
    this.#reader = reader;
    this.#connection = new SqliteConnection(writer);
    this.read = new SnapshotConnection(reader);
    this.#reserve();
  }

  write<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new Error("The store is closed."));
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ work, resolve: resolve as (value: unknown) => void, reject });
      this.#flushing ??= new Promise((done) => setImmediate(() => this.#flush().then(done)));
    });
  }

  grow<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    return this.isFull ? Promise.reject(diskFull()) : this.write(work);
  }

  get isFull(): boolean {
    return this.#space.isFull;
  }

  hasRoomFor(bytes: number): boolean {
    return this.#space.hasRoomFor(bytes);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    while (this.#flushing) await this.#flushing;
    this.#reader.close();
    this.#writer.close();
  }

  async #flush(): Promise<void> {
    await this.#commit();
    this.#flushing =
      this.#queue.length > 0
        ? new Promise((done) => setImmediate(() => this.#flush().then(done)))
        : undefined;
  }

  /** Takes works from the queue as it goes: what a work itself queues still joins its commit. */
  async #commit(isRetry = false): Promise<void> {
    const group: QueuedWrite[] = [];
    const settle: (() => void)[] = [];
    try {
      this.#writer.exec("begin immediate");
      const end = performance.now() + COMMIT_BUDGET;
      while (group.length < MAX_WRITES_PER_COMMIT && performance.now() < end) {
        const next = this.#queue.shift();
        if (next === undefined) break;
        group.push(next);
        this.#writer.exec("savepoint work");
        try {
          const value = await next.work(this.#connection);
          settle.push(() => next.resolve(value));
        } catch (error) {
          // Out of space, SQLite has undone all of the transaction and not just this work.
          if (!this.#writer.isTransaction) throw error;
          this.#writer.exec("rollback to work");
          settle.push(() => next.reject(error));
        }
        this.#writer.exec("release work");
      }
      this.read.release();
      this.#writer.exec("commit");
    } catch (error) {
      // A full disk, say: nothing of the group may be reported as done. Where it could not even begin, nobody else can.
      this.#rollBack();
      const isFull = (error as { errcode?: number }).errcode === SQLITE_FULL;
      if (isFull) this.#space.found();
      if (isFull && !isRetry && this.#makeRoom()) {
        this.#queue.unshift(...group);
        return this.#commit(true);
      }
      const reason = isFull ? diskFull(error) : error;
      for (const { reject } of group.length > 0 ? group : this.#queue.splice(0)) reject(reason);
      return;
    }
    for (const report of settle) report();
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#keepRoom(), IDLE_MS).unref();
    if (performance.now() - this.#reservedAt > BUSY_MS) this.#reserve();
  }

  /** @returns whether there may be room now: the log begins anew, in the place that it has */
  #makeRoom(): boolean {
    try {
      this.read.release();
      this.#isShort = true;
      this.#writer.exec(`pragma wal_autocheckpoint=${PAGES_BETWEEN_CHECKPOINTS_WHEN_FULL}`);
      this.#writer.exec("pragma wal_checkpoint(restart)");
      return true;
    } catch {
      return false;
    }
  }

  /** Makes the reserve whole again, once nothing has been written for a while. */
  #keepRoom(): void {
    this.#idle = undefined;
    if (!this.#closed && !this.#flushing) this.#reserve();
  }

  /**
   * Brings the log into the database, which has free pages afterwards, and a log that is as long. New rows take free pages first, so that
   * a disk that others have filled can still take what must go on.
   */
  #reserve(): void {
    this.#reservedAt = performance.now();
    if (this.isFull) return;
    try {
      if (this.#isShort) this.#writer.exec(`pragma wal_autocheckpoint=${PAGES_BETWEEN_CHECKPOINTS}`);
      const { freelist_count: free } = this.#writer.prepare("pragma freelist_count").get() as {
        freelist_count: number;
      };
      if (free < FREE_PAGES || !this.#hasReserved || this.#isShort) {
        this.#writer.exec(`insert into disk_reserve values (zeroblob(${FREE_PAGES * PAGE_BYTES}))`);
        this.#checkpoint();
        this.#writer.exec("delete from disk_reserve");
      }
      this.#checkpoint();
      this.#hasReserved = true;
      this.#isShort = false;
    } catch {
      // There is less room than it seemed; the next time tries again.
    }
  }

  #checkpoint(): void {
    this.read.release();
    this.#writer.exec("pragma wal_checkpoint(passive)");
  }

  #rollBack(): void {
    try {
      if (this.#writer.isTransaction) this.#writer.exec("rollback");
    } catch {
      // SQLite had rolled back by itself.
    }
  }
}

/** @param file created with mode 0600 when it does not exist */
export async function openSqliteStore(file: string): Promise<Store> {
  // SQLite gives its -wal and -shm files the mode of the database.
  closeSync(openSync(file, "a", 0o600));
  chmodSync(file, 0o600);
  const writer = new DatabaseSync(file);
  writer.exec("pragma journal_mode=wal");
  writer.exec("pragma synchronous=full");
  writer.exec("pragma foreign_keys=on");
  writer.exec("pragma busy_timeout=5000");
  writer.exec(`pragma wal_autocheckpoint=${PAGES_BETWEEN_CHECKPOINTS}`);
  await migrate(new SqliteConnection(writer));
  const reader = new DatabaseSync(file, { readOnly: true });
  reader.exec("pragma busy_timeout=5000");
  return new SqliteStore(writer, reader, new DiskSpace(dirname(file)));
}
