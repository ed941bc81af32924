/** `batchyard role show`: one role in the form that `role create` takes. */

import { CommandError, exitCode } from "../command/exit-code.ts";
import { serviceCommandOnWords } from "../command/service-command.ts";
import { accountScope } from "../connect/management-session.ts";
import { findRole } from "./role-requests.ts";

export const help = `Show a role as the REST API has it.

Usage: batchyard role show NAME

  --scope S    where it can be assigned; default: the first Batch account
  --data DIR   the service's state folder
  --json       on one line
`;

export const execute = serviceCommandOnWords(
  { scope: { type: "string" } },
  async ({ values, words, management }) => {
    const wanted = words.join(" ");
    if (wanted === "") throw new CommandError("which role? batchyard role show NAME", exitCode.usage);
    const session = await management();
    const role = await findRole(session, values.scope ?? accountScope(session.service), wanted);
    return { json: role };
  },
);
