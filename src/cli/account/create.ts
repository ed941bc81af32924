/** `batchyard account create`: a new Batch account. */
import { parseWords } from "../command-line.ts";
import { cloudAccountUrl } from "../connect/cloud-account.ts";
import { table } from "../connect/endpoint-table.ts";
import { managementSession } from "../connect/management-session.ts";
import { exitCode } from "../exit-code.ts";
import { dataFolder } from "../service/data-folder.ts";
import { runningService } from "../service/running-service.ts";
import { accountWord, createAccount } from "./account-requests.ts";

export const help = `Create a Batch account. It can be used at once.

Usage: batchyard account create NAME [--group G] [--location L]

  NAME           3 to 24 lower-case letters and digits
  --group G      its resource group; default: the first account's
  --location L   default: the first account's
  --data DIR     the service's state folder
  --json         the account as the REST API has it
`;

export async function execute(argv: readonly string[]): Promise<number> {
  const { values, words } = parseWords(argv, {
    group: { type: "string" },
    location: { type: "string" },
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const name = accountWord(words, "batchyard account create NAME");
  const folder = dataFolder(values.data);
  const session = await managementSession(await runningService(folder), folder);
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
  process.stdout.write(values.json ? `${JSON.stringify(account)}\n` : text);
  return exitCode.ok;
}
