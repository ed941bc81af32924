/** `batchyard user list`: the users of the tenant. */

import { serviceCommand } from "../command/service-command.ts";
import { directoryList } from "../directory-list.ts";

export const help = `List the users of the tenant.

Usage: batchyard user list

  --data DIR   the service's state folder
  --json       as Microsoft Graph has it
`;

export const execute = serviceCommand({}, async ({ graph }) => {
  const session = await graph();
  const found = await directoryList<Readonly<Record<"id" | "userPrincipalName", string>>>(session, "/users");
  const text = found.map(({ id, userPrincipalName }) => `  ${id}  ${userPrincipalName}\n`);
  return { json: found, text: text.join("") };
});
