/** `batchyard versions report`: watches for a span of time, or reads the audit log of one, and tells what becomes of what was used. */
import type { VersionReport } from "../../wire/versions/versions-api.ts";
import { parseOptions } from "../command/command-line.ts";
import { CommandError, exitCode } from "../command/exit-code.ts";
import { dataFolder } from "../service/data-folder.ts";
import { holdStopSignals } from "../service/stop-signal.ts";
import { spanSeconds, timeAgo } from "../time-span.ts";
import {
  loggedVersions,
  RECORDING_MAX_SECONDS,
  startVersionRecording,
  written,
} from "./version-recording.ts";
import { checkFailOn, failOnHelp, fails } from "./version-report.ts";

export const help = `Tell what of the programs that use this service ends with a newer api-version.

Usage: batchyard versions report [OPTIONS]

Watches requests to Batch and Resource Manager for a while, then tells which
clients and api-versions came, and for each operation, property and word that
they used whether it is unchanged, renamed, gone or changed in the newer
version. With --since it tells of the past instead, from the service's log of
requests that changed something.
'batchyard run --report -- PROGRAM' does the same for one program.

  --for SPAN           e.g. 90s, 10m, 24h (default: until Ctrl-C)
  --since TIME         from the log: a time, or a span back from now (7d)
  --until TIME         to this time of the log (default: now)
  --to API-VERSION     the version to go to (default: 2025-06-01)
  --principal P        of one principal: object id, application id, user name
  --client TEXT        of clients whose User-Agent holds this
  --scope S            on accounts here and below; default: the subscription
${failOnHelp}  --data DIR           the service's state folder
  --json               one line of JSON
  --markdown           to paste into an issue
`;

export async function execute(argv: readonly string[]): Promise<number> {
  const values = parseOptions(argv, {
    for: { type: "string" },
    since: { type: "string" },
    until: { type: "string" },
    to: { type: "string" },
    principal: { type: "string" },
    client: { type: "string" },
    scope: { type: "string" },
    "fail-on": { type: "string" },
    data: { type: "string" },
    json: { type: "boolean", default: false },
    markdown: { type: "boolean", default: false },
  });
  checkFailOn(values["fail-on"]);
  if (values.since !== undefined || values.until !== undefined) return tellPast(values);
  const seconds = values.for === undefined ? RECORDING_MAX_SECONDS : spanSeconds(values.for);
  if (seconds === undefined || seconds > RECORDING_MAX_SECONDS) {
    throw new CommandError(
      `--for takes a span up to 24h, such as 90s or 10m; '${values.for}' is none`,
      exitCode.usage,
    );
  }
  const { principal, client, scope, to } = values;
  const signals = holdStopSignals();
  const recording = await startVersionRecording(dataFolder(values.data), {
    seconds,
    principal,
    client,
    scope,
    to,
  });
  if (!values.json) process.stderr.write("batchyard: watching; Ctrl-C ends it and tells\n");
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, seconds * 1_000);
    signals.listen(() => {
      clearTimeout(timer);
      resolve();
    });
  });
  signals.release();
  return told(await recording.stop(), values);
}

interface Wishes {
  readonly for?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly to?: string | undefined;
  readonly principal?: string | undefined;
  readonly client?: string | undefined;
  readonly scope?: string | undefined;
  readonly "fail-on"?: string | undefined;
  readonly data?: string | undefined;
  readonly json: boolean;
  readonly markdown: boolean;
}

async function tellPast(values: Wishes): Promise<number> {
  if (values.for !== undefined) {
    throw new CommandError("--for watches what comes, --since tells what was: take one", exitCode.usage);
  }
  const at = (text: string | undefined) => text && timeAgo(text, Date.now()).toISOString();
  const { principal, client, scope, to } = values;
  const asked = { principal, client, scope, to, since: at(values.since), until: at(values.until) };
  return told(await loggedVersions(dataFolder(values.data), asked), values);
}

function told(report: VersionReport, values: Wishes): number {
  process.stdout.write(written(report, values));
  return fails(report, values["fail-on"]) ? exitCode.failed : exitCode.ok;
}
