/** `batchyard portal`: opens the running service's portal in the user's browser. */
import { parseOptions } from "./command/command-line.ts";
import { CommandError, exitCode } from "./command/exit-code.ts";
import { openBrowser } from "./login/open-browser.ts";
import { dataFolder } from "./service/data-folder.ts";
import { runningService } from "./service/running-service.ts";

export const help = `Open the portal in the browser.

Usage: batchyard portal

  --data DIR   the service's state folder
  --json       one JSON object with its address; opens nothing

Prints the address where there is no browser.
`;

export async function execute(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, {
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const { portal } = await runningService(dataFolder(options.data));
  if (portal === null) throw new CommandError("this service has no portal");
  if (options.json) process.stdout.write(`${JSON.stringify({ portal })}\n`);
  else openBrowser(portal, () => process.stdout.write(`${portal}\n`));
  return exitCode.ok;
}
