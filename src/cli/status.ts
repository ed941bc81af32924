/** `batchyard status`: what runs on a data folder. Reads only, and shows no secret. */
import { parseOptions } from "./command/command-line.ts";
import { exitCode } from "./command/exit-code.ts";
import { endpointTable } from "./connect/endpoint-table.ts";
import { dataFolder } from "./service/data-folder.ts";
import { findRunningService } from "./service/running-service.ts";

export const help = `Show the running service.

Usage: batchyard status

  --data DIR   the service's state folder
  --json       one JSON object

Exit code 0 when it runs, 3 when not.
`;

export async function execute(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, {
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const folder = dataFolder(options.data);
  const service = await findRunningService(folder);
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ running: service !== undefined, dataFolder: folder, ...service })}\n`,
    );
  } else if (service === undefined) {
    process.stdout.write(`No service is running on ${folder}.\n`);
  } else {
    const since = new Date(service.startedAt).toISOString();
    process.stdout.write(
      `Batchyard ${service.version} is running: process ${service.pid}, since ${since}.\n\n`,
    );
    process.stdout.write(endpointTable(service, folder));
  }
  return service === undefined ? exitCode.notRunning : exitCode.ok;
}
