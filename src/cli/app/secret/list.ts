/** `batchyard app secret list`: the secrets of an application, of which only hints are known. */
import { parseWords } from "../../command-line.ts";
import { graphSession } from "../../connect/management-session.ts";
import { exitCode } from "../../exit-code.ts";
import { dataFolder } from "../../service/data-folder.ts";
import { runningService } from "../../service/running-service.ts";
import { applicationWord, findApplication } from "../application-requests.ts";

export const help = `List an application's secrets: key id, first letters, end, name.

Usage: batchyard app secret list APPLICATION      (its id or its name)

  --data DIR   the service's state folder
  --json       as Microsoft Graph has them
`;

export async function execute(argv: readonly string[]): Promise<number> {
  const { values, words } = parseWords(argv, {
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const name = applicationWord(words, "batchyard app secret list APPLICATION");
  const folder = dataFolder(values.data);
  const session = await graphSession(await runningService(folder), folder);
  const { passwordCredentials } = await findApplication(session, name);
  const lines = passwordCredentials.map(({ keyId, hint, endDateTime, displayName }) =>
    `  ${keyId}  ${(hint ?? "").padEnd(3)}  ${endDateTime}  ${displayName ?? ""}`.trimEnd(),
  );
  const text = lines.map((line) => `${line}\n`).join("");
  process.stdout.write(values.json ? `${JSON.stringify(passwordCredentials)}\n` : text);
  return exitCode.ok;
}
