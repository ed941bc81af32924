/** Statements about denials, which are kept for a day and for no more than so many. */
import { row, statement } from "./engine/statement.ts";

export const denialInsert = statement<{ request_id: string; at: number; explanation: string }>()((db, p) =>
  db
    .insertInto("denial")
    .values(row(p, "request_id", "at", "explanation"))
    .onConflict((conflict) => conflict.column("request_id").doNothing()),
);

export const denialByRequest = statement<{ request_id: string; after: number }>()((db, p) =>
  db
    .selectFrom("denial")
    .select("explanation")
    .where("request_id", "=", p.request_id)
    .where("at", ">", p.after),
);

/** Deletes what is older than `before`, and all but the newest `keep`. */
export const denialsPrune = statement<{ before: number; keep: number }>()((db, p) =>
  db.deleteFrom("denial").where((eb) =>
    eb.or([
      eb("at", "<=", p.before),
      eb(
        "key",
        "<=",
        eb(
          eb.selectFrom("denial").select(({ fn }) => fn.max<number>("key").as("key")),
          "-",
          p.keep,
        ),
      ),
    ]),
  ),
);
