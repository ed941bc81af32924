/** `batchyard access audit`: the lines of the audit log that whoever asks may see. */

import type { AuditEntry } from "../../wire/access/access-api.ts";
import { parseOptions } from "../command/command-line.ts";
import { exitCode } from "../command/exit-code.ts";
import { accessPath, managementSession } from "../connect/management-session.ts";
import { dataFolder } from "../service/data-folder.ts";
import { runningService } from "../service/running-service.ts";
import { timeAgo } from "../time-span.ts";
import { auditEntryText } from "./audit-entry.ts";

export const help = `Show what was changed and what was denied, oldest first.

Usage: batchyard access audit [--principal P] [--since T] [--last N]

  --principal P  object id, application id or user name
  --since T      a time (2026-01-31T12:00Z) or a span back (90s, 10m, 24h, 7d)
  --until T      alike
  --last N       at most the newest N lines (default 100)
  --data DIR     the service's state folder
  --json         one JSON object per line

Reads that were allowed are not logged.
`;

export async function execute(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, {
    principal: { type: "string" },
    since: { type: "string" },
    until: { type: "string" },
    last: { type: "string" },
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const time = (text: string | undefined) => text && timeAgo(text, Date.now()).toISOString();
  const query = {
    principal: options.principal,
    since: time(options.since),
    until: time(options.until),
    last: options.last,
  };
  const folder = dataFolder(options.data);
  const session = await managementSession(await runningService(folder), folder);
  const { value } = await session.send<{ readonly value: readonly AuditEntry[] }>(
    "GET",
    accessPath("audit", query),
  );
  process.stdout.write(
    value.map((entry) => (options.json ? `${JSON.stringify(entry)}\n` : auditEntryText(entry))).join(""),
  );
  return exitCode.ok;
}
