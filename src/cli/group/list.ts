/** `batchyard group list`: the resource groups of the first subscription. */

import { serviceCommand } from "../command/service-command.ts";
import { table } from "../connect/endpoint-table.ts";
import { listGroups } from "./group-requests.ts";

export const help = `List the resource groups of the subscription.

Usage: batchyard group list

  --data DIR   the service's state folder
  --json       one JSON array, as the REST API has them
`;

export const execute = serviceCommand({}, async ({ management }) => {
  const groups = await listGroups(await management());
  const text = table(groups.map(({ name, location }) => [name, location]));
  return { json: groups, text };
});
