/** `batchyard access check`: what Azure's portal calls "Check access". */

import type { AccessCheck, Grant } from "../../wire/access/access-api.ts";
import { CommandError, exitCode } from "../command/exit-code.ts";
import { serviceCommand } from "../command/service-command.ts";
import { indented, labelled } from "../command/wrapped-lines.ts";
import { accessPath, accountScope } from "../connect/management-session.ts";
import { consideredText, permissionText, wayOutText } from "./explanation.ts";

export const help = `Check what a principal may do somewhere.

Usage: batchyard access check --principal P --action A [--scope S]
       batchyard access check --principal P --data-action D [--scope S]

  --principal P     object id, application id or user name
  --action A        e.g. Microsoft.Batch/batchAccounts/pools/write
  --data-action D   e.g. Microsoft.Batch/batchAccounts/jobs/read
  --scope S         default: the first Batch account
  --data DIR        the service's state folder
  --json            one JSON object

Exit code 0 when it is allowed, 1 when not.
`;

export const execute = serviceCommand(
  {
    principal: { type: "string" },
    action: { type: "string" },
    "data-action": { type: "string" },
    scope: { type: "string" },
  },
  async ({ values, management }) => {
    const { principal, action, "data-action": dataAction } = values;
    if (principal === undefined || (action === undefined) === (dataAction === undefined)) {
      throw new CommandError(
        "give --principal and either --action or --data-action (see --help)",
        exitCode.usage,
      );
    }
    const session = await management();
    const check = await session.send<AccessCheck>("POST", accessPath("checkAccess"), {
      principal,
      scope: values.scope ?? accountScope(session.service),
      ...(action === undefined ? { dataAction } : { action }),
    });
    return { json: check, text: checkText(check), code: check.allowed ? exitCode.ok : exitCode.failed };
  },
);

function checkText({ principal, permission, scope, allowed, by, ...check }: AccessCheck): string {
  const lines = [
    `${allowed ? "Allowed" : "Not allowed"}\n`,
    labelled("Principal", `${principal.type} ${principal.displayName}`),
    labelled("", principal.objectId),
    labelled("Permission", permissionText(permission)),
    labelled("Scope", scope),
    "\n",
  ];
  if (by !== null) return [...lines, grantText(by)].join("");
  lines.push(consideredText(check.considered), "\n", wayOutText(check.builtInRoles, permission));
  if (check.operations?.allowed) {
    lines.push("\nOperations of the data plane that ask for it are allowed all the same:\n");
    lines.push(...check.operations.by.map(grantText));
  }
  return lines.join("");
}

function grantText({ roleName, scope, pattern, permission }: Grant): string {
  return [
    indented(`by the role ${roleName}`, 2),
    indented(`at ${scope}`, 4),
    indented(`whose entry '${pattern}' grants ${permission.name}`, 4),
  ].join("");
}
