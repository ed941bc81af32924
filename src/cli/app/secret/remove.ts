/** `batchyard app secret remove`: a secret with which nobody signs in any more. */
import { parseWords } from "../../command-line.ts";
import { graphSession } from "../../connect/management-session.ts";
import { CommandError, exitCode } from "../../exit-code.ts";
import { dataFolder } from "../../service/data-folder.ts";
import { runningService } from "../../service/running-service.ts";
import { findApplication } from "../application-requests.ts";

export const help = `Remove a secret. It works no more from the next sign-in on.

Usage: batchyard app secret remove APPLICATION KEY      (KEY as 'app secret list' tells)

  --data DIR   the service's state folder
  --json       the removed secret's entry as one JSON object
`;

export async function execute(argv: readonly string[]): Promise<number> {
  const { values, words } = parseWords(argv, {
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const [name, keyId, ...others] = words;
  if (!name || !keyId || others.length > 0)
    throw new CommandError("which secret? batchyard app secret remove APPLICATION KEY", exitCode.usage);
  const folder = dataFolder(values.data);
  const session = await graphSession(await runningService(folder), folder);
  const application = await findApplication(session, name);
  const secret = application.passwordCredentials.find((one) => one.keyId === keyId.toLowerCase());
  if (secret === undefined)
    throw new CommandError(`${application.displayName} has no secret with the key id '${keyId}'`);
  await session.send("POST", `/applications/${application.id}/removePassword`, { keyId: secret.keyId });
  const text = `removed ${secret.keyId} of ${application.displayName}\n`;
  process.stdout.write(values.json ? `${JSON.stringify(secret)}\n` : text);
  return exitCode.ok;
}
