/** `batchyard app delete`: ends an application's registration. */
import { oneWord } from "../command/command-line.ts";
import { CommandError, exitCode } from "../command/exit-code.ts";
import { serviceCommandOnWords } from "../command/service-command.ts";
import { findApplication } from "./application-requests.ts";

export const help = `Delete an application. Its secrets work no more from the next sign-in on.

Usage: batchyard app delete APPLICATION --yes      (its id or its name)

  --yes        without it, nothing is deleted
  --data DIR   the service's state folder
  --json       the deleted application as one JSON object
`;

export const execute = serviceCommandOnWords(
  {
    yes: { type: "boolean", default: false },
  },
  async ({ values, words, graph }) => {
    const name = oneWord(words, "which application? batchyard app delete APPLICATION --yes");
    if (!values.yes) throw new CommandError(`this deletes '${name}': confirm it by --yes`, exitCode.usage);
    const session = await graph();
    const application = await findApplication(session, name);
    await session.send("DELETE", `/applications/${application.id}`);
    return { json: application, text: `deleted ${application.displayName}\n` };
  },
);
