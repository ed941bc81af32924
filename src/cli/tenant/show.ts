/** `batchyard tenant show`: the tenant's id and its domains. */

import { serviceCommand } from "../command/service-command.ts";
import { table } from "../connect/endpoint-table.ts";

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

export const execute = serviceCommand({}, async ({ graph }) => {
  const session = await graph();
  const { value } = await session.send<{ readonly value: readonly Organization[] }>("GET", "/organization");
  const text = value.map(({ id, displayName, verifiedDomains }) =>
    table([
      ["Tenant", id],
      ["Name", displayName],
      ...verifiedDomains.map(({ name }) => ["Domain", name] as const),
    ]),
  );
  return { json: value[0], text: text.join("") };
});
