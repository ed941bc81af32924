/** `batchyard app secret remove`: a secret with which nobody signs in any more. */
import { CommandError, exitCode } from "../../command/exit-code.ts";
import { serviceCommandOnWords } from "../../command/service-command.ts";
import { findApplication } from "../application-requests.ts";

export const help = `Remove a secret. It works no more from the next sign-in on.

Usage: batchyard app secret remove APPLICATION KEY      (KEY as 'app secret list' tells)

  --data DIR   the service's state folder
  --json       the removed secret's entry as one JSON object
`;

export const execute = serviceCommandOnWords({}, async ({ words, graph }) => {
  const [name, keyId, ...others] = words;
  if (!name || !keyId || others.length > 0)
    throw new CommandError("which secret? batchyard app secret remove APPLICATION KEY", exitCode.usage);
  const session = await graph();
  const application = await findApplication(session, name);
  const secret = application.passwordCredentials.find((one) => one.keyId === keyId.toLowerCase());
  if (secret === undefined)
    throw new CommandError(`${application.displayName} has no secret with the key id '${keyId}'`);
  await session.send("POST", `/applications/${application.id}/removePassword`, { keyId: secret.keyId });
  const text = `removed ${secret.keyId} of ${application.displayName}\n`;
  return { json: secret, text };
});
