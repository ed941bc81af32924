/** `batchyard access audit`: the lines of the audit log that whoever asks may see. */
import { parseOptions } from "../command/command-line.ts";
import { exitCode } from "../command/exit-code.ts";
import { indented } from "../command/wrapped-lines.ts";
import { accessPath, managementSession } from "../connect/management-session.ts";
import { dataFolder } from "../service/data-folder.ts";
import { runningService } from "../service/running-service.ts";
import { timeAgo } from "../time-span.ts";

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

interface Entry {
  readonly time: string;
  readonly requestId: string;
  readonly caller: {
    readonly principalId: string | null;
    readonly principalType: string;
    readonly task?: { readonly jobId: string; readonly taskId: string };
    readonly from?: string;
  };
  readonly operation: string;
  readonly target: string;
  readonly decision: "allowed" | "denied";
  readonly by?: readonly { readonly roleName: string }[] | "SharedKey";
  readonly missing?: string;
  readonly status: number;
  readonly times?: number;
}

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
  const { value } = await session.send<{ readonly value: readonly Entry[] }>(
    "GET",
    accessPath("audit", query),
  );
  process.stdout.write(
    value.map((entry) => (options.json ? `${JSON.stringify(entry)}\n` : entryText(entry))).join(""),
  );
  return exitCode.ok;
}

function entryText({ by, missing, ...entry }: Entry): string {
  const roles = by === "SharedKey" ? "the account's key" : by?.map(({ roleName }) => roleName).join(", ");
  return [
    indented(`${entry.time.slice(0, 19)}Z ${entry.decision} ${entry.status} ${entry.operation}`, 0),
    indented(entry.target, 2),
    indented(`by ${callerText(entry.caller)}`, 2),
    entry.times === undefined ? "" : indented(`and so ${entry.times} times`, 2),
    missing === undefined
      ? indented(`through ${roles ?? "a role in the directory"}`, 2)
      : indented(`missing ${missing}`, 2),
    missing === undefined ? "" : indented(`request ${entry.requestId}`, 2),
  ].join("");
}

function callerText({ principalId, principalType, task, from }: Entry["caller"]): string {
  if (principalId !== null) return principalId;
  if (from !== undefined) return `somebody: ${from}`;
  if (principalType === "Task") return task ? `task ${task.taskId} of job ${task.jobId}` : "some task";
  return "a holder of the account's key";
}
