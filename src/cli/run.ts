/** `batchyard run`: a program in an environment where Azure's addresses lead here. */

import { writeFileSync } from "node:fs";
import type { VersionReport } from "../wire/versions/versions-api.ts";
import { parseOptions, splitProgram } from "./command/command-line.ts";
import { CommandError, exitCode } from "./command/exit-code.ts";
import { type ChildEnd, endLikeChild, runChild } from "./connect/child-program.ts";
import { cloudAccountUrl } from "./connect/cloud-account.ts";
import { environmentWith, proxyVariables } from "./connect/connect-mode.ts";
import { dataFolder } from "./service/data-folder.ts";
import { hostEphemeralService } from "./service/hosted-service.ts";
import { findRunningService } from "./service/running-service.ts";
import type { ServiceConnection } from "./service/service-connection.ts";
import { serviceConnection } from "./service/service-connection.ts";
import { serviceOptions, serviceOptionsHelp, toServiceOptions } from "./service/service-options.ts";
import { holdStopSignals, type StopSignals } from "./service/stop-signal.ts";
import { RECORDING_MAX_SECONDS, startVersionRecording, written } from "./versions/version-recording.ts";
import { checkFailOn, failOnHelp, fails } from "./versions/version-report.ts";

export const help = `Run a program whose Azure calls come to this service.

Usage: batchyard run [OPTIONS] -- PROGRAM [ARGUMENTS]

Uses the running service, or starts one for as long as the program runs.
The program keeps its code: login.microsoftonline.com, management.azure.com
and ACCOUNT.LOCATION.batch.azure.com lead here. It finds in its environment
AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_BATCH_ACCOUNT,
AZURE_BATCH_ENDPOINT, AZURE_BATCH_ACCESS_KEY and AZURE_SUBSCRIPTION_ID.

  --data DIR           the running service's state folder
  --ephemeral          start one even if a service is running
  --verbose            show the started service's log
  --json               say as JSON (on stderr) which service is used
  --report             tell at the end, on stderr, what of the program ends
                       with a newer api-version; with --json as JSON
  --markdown           the report as Markdown
  --report-file FILE   write the report there
  --to API-VERSION     the version to go to (default: 2025-06-01)
${failOnHelp}For a service that is started here:
${serviceOptionsHelp}
The exit code is the program's; 126 and 127 as in a shell. With --as, a
service is started for the program even if one is running.
`;

const options = {
  ...serviceOptions,
  data: { type: "string" },
  ephemeral: { type: "boolean", default: false },
  verbose: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  report: { type: "boolean", default: false },
  markdown: { type: "boolean", default: false },
  "report-file": { type: "string" },
  to: { type: "string" },
  "fail-on": { type: "string" },
} as const;

export async function execute(argv: readonly string[]): Promise<number> {
  const { own, program } = splitProgram(argv, options);
  const values = parseOptions(own, options);
  if (program.length === 0) {
    throw new CommandError("which program? batchyard run -- PROGRAM [ARGUMENTS]", exitCode.usage);
  }
  checkFailOn(values["fail-on"]);
  const reports = values.report || values["report-file"] !== undefined || values["fail-on"] !== undefined;
  const signals = holdStopSignals();
  const isOwn = values.ephemeral || values.as !== undefined;
  const service =
    (await (isOwn ? undefined : joinRunning(dataFolder(values.data)))) ??
    (await startOne({
      port: 0,
      ...toServiceOptions(values),
      log: (line) => void (values.verbose && process.stderr.write(`${line}\n`)),
    }));
  process.stderr.write(values.json ? `${JSON.stringify(summary(service))}\n` : note(service));
  const { end, report } = await runReported(program, service, signals, reports ? values : undefined).finally(
    service.close,
  );
  if (report) tell(report, values);
  signals.release();
  const code = endLikeChild(end);
  return code === exitCode.ok && report && fails(report, values["fail-on"]) ? exitCode.failed : code;
}

/** @param recorded undefined where nothing is to be reported */
async function runReported(
  program: readonly string[],
  { connection, dataFolder: folder }: UsedService,
  signals: StopSignals,
  recorded: { readonly to?: string | undefined } | undefined,
): Promise<{ readonly end: ChildEnd; readonly report: VersionReport | undefined }> {
  const recording =
    recorded && (await startVersionRecording(folder, { seconds: RECORDING_MAX_SECONDS, to: recorded.to }));
  const end = await runChild(
    { words: program, environment: environmentWith(proxyVariables(connection)) },
    signals,
  );
  return { end, report: await recording?.stop() };
}

function tell(
  report: VersionReport,
  values: { readonly json: boolean; readonly markdown: boolean; readonly "report-file"?: string | undefined },
): void {
  const text = written(report, values);
  const file = values["report-file"];
  if (file === undefined) process.stderr.write(text);
  else writeFileSync(file, text);
}

interface UsedService {
  readonly connection: ServiceConnection;
  readonly dataFolder: string;
  readonly started: boolean;
  close(): Promise<void>;
}

async function joinRunning(folder: string): Promise<UsedService | undefined> {
  const running = await findRunningService(folder);
  if (running === undefined) return undefined;
  const connection = await serviceConnection(running, folder);
  return { connection, dataFolder: folder, started: false, close: async () => {} };
}

async function startOne(start: Parameters<typeof hostEphemeralService>[0]): Promise<UsedService> {
  const hosted = await hostEphemeralService(start);
  return { connection: hosted.ready, dataFolder: hosted.dataFolder, started: true, close: hosted.close };
}

const summary = ({ connection, started }: UsedService) => ({
  started,
  account: connection.account,
  accountUrl: cloudAccountUrl(connection),
  batch: connection.batch,
});

const note = ({ connection, started }: UsedService): string =>
  `batchyard: ${started ? "a service for this run" : "the running service"}: ${cloudAccountUrl(connection)}\n`;
