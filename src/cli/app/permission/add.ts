/** `batchyard app permission add`: an application asks for a delegated permission of the Batch API. */
import { oneWord } from "../../command/command-line.ts";
import { CommandError, exitCode } from "../../command/exit-code.ts";
import { serviceCommandOnWords } from "../../command/service-command.ts";
import { findApplication, findServicePrincipal } from "../application-requests.ts";

export const help = `Register that an application asks for an API's delegated permission.

Usage: batchyard app permission add APPLICATION --api batch

Users or an administrator (batchyard app consent) still have to consent, and a
user still needs a role on the account.

  --data DIR   the service's state folder
  --json       as Microsoft Graph has it
`;

/** Application ids are Microsoft's. */
const BATCH_APP_ID = "ddbf3205-c6bd-46ae-8127-60eb93363864";

export const execute = serviceCommandOnWords(
  { api: { type: "string" } },
  async ({ values, words, graph }) => {
    const name = oneWord(words, "which application? batchyard app permission add APPLICATION --api batch");
    if (values.api !== "batch") throw new CommandError("--api takes batch", exitCode.usage);
    const session = await graph();
    const { id, displayName, requiredResourceAccess } = await findApplication(session, name);
    const batch = await findServicePrincipal(session, BATCH_APP_ID);
    const others = requiredResourceAccess.filter(({ resourceAppId }) => resourceAppId !== BATCH_APP_ID);
    const wanted = {
      resourceAppId: BATCH_APP_ID,
      resourceAccess: batch.oauth2PermissionScopes.map((scope) => ({ id: scope.id, type: "Scope" })),
    };
    await session.send("PATCH", `/applications/${id}`, { requiredResourceAccess: [...others, wanted] });
    const text = `${displayName} asks for ${batch.displayName}\n`;
    return { json: wanted, text };
  },
);
