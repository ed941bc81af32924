/** `batchyard tenant show`: the tenant's id and its domains. */
import { parseOptions } from "../command-line.ts";
import { table } from "../connect/endpoint-table.ts";
import { graphSession } from "../connect/management-session.ts";
import { exitCode } from "../exit-code.ts";
import { dataFolder } from "../service/data-folder.ts";
import { runningService } from "../service/running-service.ts";

export const help = `Show the tenant that the service's first application is in.

Usage: batchyard tenant show

  --data DIR   the service's state folder
  --json       as Microsoft Graph has it
`;

interface Organization {
  readonly id: string;
  readonly displayName: string;
  readonly verifiedDomains: readonly { readonly name: string }[];
}

export async function execute(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, {
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const folder = dataFolder(options.data);
  const session = await graphSession(await runningService(folder), folder);
  const { value } = await session.send<{ readonly value: readonly Organization[] }>("GET", "/organization");
  const text = value.map(({ id, displayName, verifiedDomains }) =>
    table([
      ["Tenant", id],
      ["Name", displayName],
      ...verifiedDomains.map(({ name }) => ["Domain", name] as const),
    ]),
  );
  process.stdout.write(options.json ? `${JSON.stringify(value[0])}\n` : text.join(""));
  return exitCode.ok;
}
