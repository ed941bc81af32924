/** `batchyard app show`: one application. */
import { oneWord } from "../command/command-line.ts";
import { serviceCommandOnWords } from "../command/service-command.ts";
import { findApplication } from "./application-requests.ts";

export const help = `Show an application as Microsoft Graph has it.

Usage: batchyard app show APPLICATION      (its id or its name)

  --data DIR   the service's state folder
  --json       on one line
`;

export const execute = serviceCommandOnWords({}, async ({ words, graph }) => {
  const name = oneWord(words, "which application? batchyard app show APPLICATION");
  const application = await findApplication(await graph(), name);
  return { json: application };
});
