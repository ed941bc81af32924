/**
 * Brings a database to this program's schema: numbered migrations, append-only, each in one transaction. Refuses a database
 * that a newer program has changed.
 */

import { initial } from "../migrations/0001-initial.ts";
import { directory } from "../migrations/0002-directory.ts";
import { access } from "../migrations/0003-access.ts";
import { jobSchedules } from "../migrations/0004-job-schedules.ts";
import { identities } from "../migrations/0005-identities.ts";
import { management } from "../migrations/0006-management.ts";
import { storage } from "../migrations/0007-storage.ts";
import { delegatedGrants } from "../migrations/0008-delegated-grants.ts";
import { batchApplications } from "../migrations/0009-batch-applications.ts";
import { nodeUsers } from "../migrations/0010-node-users.ts";
import { dependencies } from "../migrations/0011-dependencies.ts";
import { diskReserve } from "../migrations/0012-disk-reserve.ts";
import { scheduling } from "../migrations/0013-scheduling.ts";
import { measuredUsage } from "../migrations/0014-measured-usage.ts";
import { sessionApplications } from "../migrations/0015-session-applications.ts";
import { schedulingErrors } from "../migrations/0016-scheduling-errors.ts";
import { nodeNumbers } from "../migrations/0017-node-numbers.ts";
import { directoryPages } from "../migrations/0018-directory-pages.ts";
import { principalProfiles } from "../migrations/0019-principal-profiles.ts";
import { refreshTokensAgain } from "../migrations/0020-refresh-tokens-again.ts";
import { deletedObjects } from "../migrations/0021-deleted-objects.ts";
import { accountHours } from "../migrations/0022-account-hours.ts";
import type { DialectWords, Migration } from "../migrations/migration.ts";
import type { Connection, DialectName } from "./connection.ts";

const WORDS: Record<DialectName, DialectWords> = {
  sqlite: { identity: "integer primary key autoincrement", integer: "integer" },
  postgres: {
    identity: "bigint generated always as identity primary key",
    integer: "bigint",
  },
};

const MIGRATIONS: readonly Migration[] = [
  initial,
  directory,
  access,
  jobSchedules,
  identities,
  management,
  storage,
  delegatedGrants,
  batchApplications,
  nodeUsers,
  dependencies,
  diskReserve,
  scheduling,
  measuredUsage,
  sessionApplications,
  schedulingErrors,
  nodeNumbers,
  directoryPages,
  principalProfiles,
  refreshTokensAgain,
  deletedObjects,
  accountHours,
];

/** @param last the number of the last migration to apply; for tests of the ones after it */
export async function migrate(connection: Connection, last = MIGRATIONS.length): Promise<void> {
  await connection.execute("create table if not exists migration (number integer primary key)", []);
  await connection.execute(connection.dialect === "sqlite" ? "begin immediate" : "begin", []);
  try {
    const rows = await connection.query("select coalesce(max(number), 0) as number from migration", []);
    const applied = Number(rows[0]?.number ?? 0);
    if (applied > MIGRATIONS.length) {
      throw new Error(
        `the database has schema ${applied}, this program knows ${MIGRATIONS.length}: use a newer batchyard`,
      );
    }
    for (const [index, migration] of MIGRATIONS.entries()) {
      if (index < applied || index >= last) continue;
      for (const sql of migration(WORDS[connection.dialect])) await connection.execute(sql, []);
      await connection.execute(`insert into migration (number) values (${index + 1})`, []);
    }
    await connection.execute("commit", []);
  } catch (error) {
    await connection.execute("rollback", []);
    throw error;
  }
}
