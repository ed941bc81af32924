/** `batchyard run`: a program in an environment where Azure's addresses lead here. */

import { parseOptions, splitProgram } from "./command/command-line.ts";
import { CommandError, exitCode } from "./command/exit-code.ts";
import { endLikeChild, runChild } from "./connect/child-program.ts";
import { cloudAccountUrl } from "./connect/cloud-account.ts";
import { environmentWith, proxyVariables } from "./connect/connect-mode.ts";
import { dataFolder } from "./service/data-folder.ts";
import { hostEphemeralService } from "./service/hosted-service.ts";
import { findRunningService } from "./service/running-service.ts";
import type { ServiceConnection } from "./service/service-connection.ts";
import { serviceConnection } from "./service/service-connection.ts";
import { serviceOptions, serviceOptionsHelp, toServiceOptions } from "./service/service-options.ts";
import { holdStopSignals } from "./service/stop-signal.ts";

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
For a service that is started here:
${serviceOptionsHelp}
The exit code is the program's; 126 and 127 as in a shell.
`;

const options = {
  ...serviceOptions,
  data: { type: "string" },
  ephemeral: { type: "boolean", default: false },
  verbose: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

export async function execute(argv: readonly string[]): Promise<number> {
  const { own, program } = splitProgram(argv, options);
  const values = parseOptions(own, options);
  if (program.length === 0) {
    throw new CommandError("which program? batchyard run -- PROGRAM [ARGUMENTS]", exitCode.usage);
  }
  const signals = holdStopSignals();
  const service =
    (await (values.ephemeral ? undefined : joinRunning(dataFolder(values.data)))) ??
    (await startOne({
      port: 0,
      ...toServiceOptions(values),
      log: (line) => void (values.verbose && process.stderr.write(`${line}\n`)),
    }));
  process.stderr.write(values.json ? `${JSON.stringify(summary(service))}\n` : note(service));
  const environment = environmentWith(proxyVariables(service.connection));
  const end = await runChild({ words: program, environment }, signals).finally(service.close);
  signals.release();
  return endLikeChild(end);
}

interface UsedService {
  readonly connection: ServiceConnection;
  readonly started: boolean;
  close(): Promise<void>;
}

async function joinRunning(folder: string): Promise<UsedService | undefined> {
  const running = await findRunningService(folder);
  if (running === undefined) return undefined;
  return { connection: await serviceConnection(running, folder), started: false, close: async () => {} };
}

async function startOne(start: Parameters<typeof hostEphemeralService>[0]): Promise<UsedService> {
  const hosted = await hostEphemeralService(start);
  return { connection: hosted.ready, started: true, close: hosted.close };
}

const summary = ({ connection, started }: UsedService) => ({
  started,
  account: connection.account,
  accountUrl: cloudAccountUrl(connection),
  batch: connection.batch,
});

const note = ({ connection, started }: UsedService): string =>
  `batchyard: ${started ? "a service for this run" : "the running service"}: ${cloudAccountUrl(connection)}\n`;
