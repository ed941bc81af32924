/** `batchyard account create`: a new Batch account. */
import { oneWord } from "../command/command-line.ts";
import { serviceCommandOnWords } from "../command/service-command.ts";
import { cloudAccountUrl } from "../connect/cloud-account.ts";
import { table } from "../connect/endpoint-table.ts";
import { createAccount } from "./account-requests.ts";

export const help = `Create a Batch account. It can be used at once.

Usage: batchyard account create NAME [--group G] [--location L]

  NAME           3 to 24 lower-case letters and digits
  --group G      its resource group; default: the first account's
  --location L   default: the first account's
  --data DIR     the service's state folder
  --json         the account as the REST API has it
`;

export const execute = serviceCommandOnWords(
  {
    group: { type: "string" },
    location: { type: "string" },
  },
  async ({ values, words, management }) => {
    const name = oneWord(words, "which account? batchyard account create NAME");
    const session = await management();
    const { resourceGroup, location } = session.service;
    const account = await createAccount(session, {
      name,
      group: values.group ?? resourceGroup,
      location: values.location ?? location,
    });
    const text = table([
      ["Account", account.name],
      ["Batch", `https://${account.properties.accountEndpoint}`],
      ["Azure name", cloudAccountUrl({ account: account.name, location: account.location })],
      ["Id", account.id],
    ]);
    return { json: account, text };
  },
);
