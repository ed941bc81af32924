/** `batchyard role show`: one role in the form that `role create` takes. */
import { parseWords } from "../command-line.ts";
import { accountScope, managementSession } from "../connect/management-session.ts";
import { CommandError, exitCode } from "../exit-code.ts";
import { dataFolder } from "../service/data-folder.ts";
import { runningService } from "../service/running-service.ts";
import { findRole } from "./role-requests.ts";

export const help = `Show a role as the REST API has it.

Usage: batchyard role show NAME

  --scope S    where it can be assigned; default: the first Batch account
  --data DIR   the service's state folder
  --json       on one line
`;

export async function execute(argv: readonly string[]): Promise<number> {
  const { values, words } = parseWords(argv, {
    scope: { type: "string" },
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const wanted = words.join(" ");
  if (wanted === "") throw new CommandError("which role? batchyard role show NAME", exitCode.usage);
  const folder = dataFolder(values.data);
  const session = await managementSession(await runningService(folder), folder);
  const role = await findRole(session, values.scope ?? accountScope(session.service), wanted);
  process.stdout.write(`${values.json ? JSON.stringify(role) : JSON.stringify(role, null, 2)}\n`);
  return exitCode.ok;
}
