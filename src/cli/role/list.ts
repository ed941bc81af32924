/** `batchyard role list`: built-in and custom roles. */

import { serviceCommand } from "../command/service-command.ts";
import { indented } from "../command/wrapped-lines.ts";
import { accountScope } from "../connect/management-session.ts";
import { listRoles } from "./role-requests.ts";

export const help = `List the roles that can be assigned.

Usage: batchyard role list [--custom] [--scope S]

  --custom     the tenant's own only
  --scope S    default: the first Batch account
  --data DIR   the service's state folder
  --json       one JSON array, as the REST API has them
`;

export const execute = serviceCommand(
  {
    custom: { type: "boolean", default: false },
    scope: { type: "string" },
  },
  async ({ values, management }) => {
    const session = await management();
    const roles = await listRoles(session, values.scope ?? accountScope(session.service));
    const wanted = roles.filter(({ properties }) => !values.custom || properties.type === "CustomRole");
    const text = wanted.map(
      ({ name, properties }) =>
        indented(`${properties.roleName}  (${name})`, 0) + indented(properties.description, 2),
    );
    return { json: wanted, text: text.join("") };
  },
);
