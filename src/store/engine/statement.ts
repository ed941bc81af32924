/**
 * A statement is written once in Kysely, compiled once per dialect, and then only bound: building a query tree for every
 * call would cost more than SQLite needs to answer it.
 */
import {
  type Compilable,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import type { Schema } from "../schema.ts";
import type { Connection, DialectName, SqlValue } from "./connection.ts";

/** Stands in the compiled query for the value bound at each call. */
class Parameter {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

const parameters: Record<string, unknown> = new Proxy({}, { get: (_, name) => new Parameter(String(name)) });

/** Builders that only compile; nothing runs through them. */
const builders: Record<DialectName, Kysely<Schema>> = {
  sqlite: new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  }),
  postgres: new Kysely<Schema>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  }),
};

export type Builder = Kysely<Schema>;

interface Compiled {
  readonly sql: string;
  /** In the order of binding: a name to look up, or a constant of the statement. */
  readonly slots: readonly (Parameter | SqlValue)[];
}

export interface Statement<P extends object, Row> {
  all(connection: Connection, values: P): Promise<Row[]>;
  first(connection: Connection, values: P): Promise<Row | undefined>;
  /** Executes and gives the number of rows changed. */
  run(connection: Connection, values: P): Promise<number>;
  /** Executes once per row, in order. */
  runEach(connection: Connection, rows: readonly P[]): Promise<void>;
  /** As it is compiled for the dialect: for the guard that looks at its plan. */
  text(dialect: DialectName): string;
}

/** The row type that a Kysely query yields. */
type RowOf<Q> = Q extends Compilable<infer O> ? O : never;

/**
 * Declares a statement. Inside `build`, each `p.name` is a placeholder of that type; it may be used as a value anywhere in
 * the query, but not looked into.
 */
export function statement<P extends object>(): <Q extends Compilable>(
  build: (db: Builder, p: P) => Q,
) => Statement<P, RowOf<Q>> {
  return <Q extends Compilable>(build: (db: Builder, p: P) => Q): Statement<P, RowOf<Q>> => {
    const compiled: Partial<Record<DialectName, Compiled>> = {};
    const compile = (dialect: DialectName): Compiled => {
      const query = build(builders[dialect], parameters as P).compile();
      const slots = query.parameters as (Parameter | SqlValue)[];
      return dialect === "sqlite" ? withConstants(query.sql, slots) : { sql: query.sql, slots };
    };
    const compiledFor = (connection: Connection): Compiled => {
      compiled[connection.dialect] ??= compile(connection.dialect);
      return compiled[connection.dialect] as Compiled;
    };
    const text = (dialect: DialectName) => compile(dialect).sql;
    const all = async (connection: Connection, values: P): Promise<RowOf<Q>[]> => {
      const { sql, slots } = compiledFor(connection);
      return (await connection.query(sql, bind(slots, values))) as RowOf<Q>[];
    };
    return {
      text,
      all,
      first: async (connection, values) => (await all(connection, values))[0],
      run: (connection, values) => {
        const { sql, slots } = compiledFor(connection);
        return connection.execute(sql, bind(slots, values));
      },
      runEach: async (connection, rows) => {
        const { sql, slots } = compiledFor(connection);
        for (const row of rows) await connection.execute(sql, bind(slots, row));
      },
    };
  };
}

/**
 * SQLite compiles a statement anew at each call in which a value is bound that it has looked at for its plan, even the same one: what a
 * partial index speaks of, and a limit. What never changes therefore stands in the text, and a limit as a sum, which is not looked at.
 */
function withConstants(text: string, slots: Compiled["slots"]): Compiled {
  const pieces = text.split("?");
  if (pieces.length !== slots.length + 1)
    throw new Error(`A statement has a question mark of its own: ${text}`);
  let sql = pieces[0] ?? "";
  for (const [at, slot] of slots.entries()) {
    const bound = sql.endsWith(" limit ") ? "(? + 0)" : "?";
    sql += `${slot instanceof Parameter ? bound : literal(slot)}${pieces[at + 1]}`;
  }
  return { sql, slots: slots.filter((slot) => slot instanceof Parameter) };
}

function literal(value: SqlValue): string {
  if (typeof value === "number" || value === null) return String(value);
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  throw new Error("A statement's constant is a text, a number or null.");
}

/** The placeholders of a row to insert: a placeholder object cannot list its own columns. */
export function row<P extends object, K extends keyof P>(p: P, ...columns: K[]): Pick<P, K> {
  return Object.fromEntries(columns.map((column) => [column, p[column]])) as Pick<P, K>;
}

function bind(slots: Compiled["slots"], values: object): SqlValue[] {
  const bound = new Array<SqlValue>(slots.length);
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i] as Parameter | SqlValue;
    bound[i] =
      slot instanceof Parameter
        ? ((values as Record<string, SqlValue | undefined>)[slot.name] ?? null)
        : slot;
  }
  return bound;
}

/** For the few queries whose shape depends on the request (filters, page order): compiled at each call. */
export async function query<Q extends Compilable>(
  connection: Connection,
  build: (db: Builder) => Q,
): Promise<RowOf<Q>[]> {
  const { sql, parameters } = build(builders[connection.dialect]).compile();
  return (await connection.query(sql, parameters as SqlValue[])) as RowOf<Q>[];
}
