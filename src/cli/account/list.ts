/** `batchyard account list`: the Batch accounts of the first subscription. */

import { serviceCommand } from "../command/service-command.ts";
import { table } from "../connect/endpoint-table.ts";
import { listAccounts } from "./account-requests.ts";

export const help = `List the Batch accounts of the subscription.

Usage: batchyard account list

  --data DIR   the service's state folder
  --json       one JSON array, as the REST API has them
`;

export const execute = serviceCommand({}, async ({ management }) => {
  const session = await management();
  const accounts = await listAccounts(session);
  const text = table(accounts.map(({ name, properties }) => [name, `https://${properties.accountEndpoint}`]));
  return { json: accounts, text };
});
