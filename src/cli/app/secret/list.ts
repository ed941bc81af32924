/** `batchyard app secret list`: the secrets of an application, of which only hints are known. */
import { oneWord } from "../../command/command-line.ts";
import { serviceCommandOnWords } from "../../command/service-command.ts";
import { findApplication } from "../application-requests.ts";

export const help = `List an application's secrets: key id, first letters, end, name.

Usage: batchyard app secret list APPLICATION      (its id or its name)

  --data DIR   the service's state folder
  --json       as Microsoft Graph has them
`;

export const execute = serviceCommandOnWords({}, async ({ words, graph }) => {
  const name = oneWord(words, "which application? batchyard app secret list APPLICATION");
  const session = await graph();
  const { passwordCredentials } = await findApplication(session, name);
  const lines = passwordCredentials.map(({ keyId, hint, endDateTime, displayName }) =>
    `  ${keyId}  ${(hint ?? "").padEnd(3)}  ${endDateTime}  ${displayName ?? ""}`.trimEnd(),
  );
  const text = lines.map((line) => `${line}\n`).join("");
  return { json: passwordCredentials, text };
});
