/** `batchyard role create`: a custom role from a file in either of the two forms that Azure's tools use. */

import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { oneWord } from "../command/command-line.ts";
import { CommandError } from "../command/exit-code.ts";
import { serviceCommandOnWords } from "../command/service-command.ts";
import { createRole, type RoleProperties } from "./role-requests.ts";

export const help = `Create a custom role.

Usage: batchyard role create FILE      (- reads standard input)

The file holds {"properties": {"roleName", "description", "permissions",
"assignableScopes"}} as the REST API takes it and 'access record' prints it,
or the flat form of the Azure CLI ({"Name", "Actions", …}).

  --data DIR   the service's state folder
  --json       the created role as one JSON object
`;

export const execute = serviceCommandOnWords({}, async ({ words, management }) => {
  const file = oneWord(words, "which file? batchyard role create FILE");
  const role = readRole(file === "-" ? await text(process.stdin) : await readRoleFile(file), file);
  const session = await management("administrator");
  const created = await createRole(session, role);
  const line = `Created the role '${created.properties.roleName}' (${created.name}).`;
  return { json: created, text: `${line}\n` };
});

async function readRoleFile(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new CommandError(`cannot read ${file}: ${(error as Error).message}`);
  }
}

/** What the role may be is for the service to say; here only its form is made one. */
function readRole(content: string, file: string): { readonly properties: RoleProperties } {
  let role: unknown;
  try {
    role = JSON.parse(content);
  } catch (error) {
    throw new CommandError(`${file} is not JSON: ${(error as Error).message}`);
  }
  const { properties } = (role ?? {}) as { readonly properties?: RoleProperties };
  const found = properties ?? flatForm(role);
  if (!Array.isArray(found.assignableScopes) || typeof found.assignableScopes[0] !== "string") {
    throw new CommandError(`${file} names no assignableScopes`);
  }
  return { properties: found };
}

/** Names are compared without case, as the Azure CLI does. */
function flatForm(role: unknown): RoleProperties {
  const entries = Object.entries((role ?? {}) as Readonly<Record<string, unknown>>);
  const given = new Map(entries.map(([name, value]) => [name.toLowerCase(), value]));
  const list = (name: string) => (given.get(name) ?? []) as readonly string[];
  return {
    roleName: (given.get("rolename") ?? given.get("name")) as string,
    type: "CustomRole",
    description: (given.get("description") ?? "") as string,
    assignableScopes: list("assignablescopes"),
    permissions: [
      {
        actions: list("actions"),
        notActions: list("notactions"),
        dataActions: list("dataactions"),
        notDataActions: list("notdataactions"),
      },
    ],
  };
}
