/** `batchyard app list`: the applications registered in the tenant. */

import { serviceCommand } from "../command/service-command.ts";
import { directoryList } from "../directory-list.ts";

export const help = `List the applications registered in the tenant.

Usage: batchyard app list

  --data DIR   the service's state folder
  --json       as Microsoft Graph has it
`;

export const execute = serviceCommand({}, async ({ graph }) => {
  const session = await graph();
  const found = await directoryList<Readonly<Record<"appId" | "displayName", string>>>(
    session,
    "/applications",
  );
  const text = found.map(({ appId, displayName }) => `  ${appId}  ${displayName}\n`);
  return { json: found, text: text.join("") };
});
