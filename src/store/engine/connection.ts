/**
 * What every statement runs on. A connection executes compiled SQL with bound values and knows nothing else; who opens a
 * transaction, and when it becomes durable, is the store's business.
 */

export type DialectName = "sqlite" | "postgres";

/** A value that a column can hold. JSON documents are bound as text. */
export type SqlValue = string | number | null | Uint8Array;

export interface Connection {
  readonly dialect: DialectName;
  query(sql: string, values: readonly SqlValue[]): Promise<Record<string, SqlValue>[]>;
  /** Rows changed. */
  execute(sql: string, values: readonly SqlValue[]): Promise<number>;
}
