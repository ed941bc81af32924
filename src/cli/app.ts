/** `batchyard app`: applications of the tenant. */
import { executeSubcommand, type Subcommands, subcommandHelp } from "./command/subcommand.ts";

const subcommands: Subcommands = {
  create: { summary: "register one, with its service principal", load: () => import("./app/create.ts") },
  update: { summary: "change redirect URIs, accounts, name", load: () => import("./app/update.ts") },
  list: { summary: "all of them", load: () => import("./app/list.ts") },
  show: { summary: "one, as Microsoft Graph has it", load: () => import("./app/show.ts") },
  delete: { summary: "end its registration and sign-in", load: () => import("./app/delete.ts") },
  secret: { summary: "add a secret, shown once; list, remove", load: () => import("./app/secret.ts") },
  permission: { summary: "ask for the permission of an API", load: () => import("./app/permission.ts") },
  consent: { summary: "grant what it asks for, for all users", load: () => import("./app/consent.ts") },
};

export const help = subcommandHelp("app", "Applications of the tenant.", subcommands);

export const execute = (argv: readonly string[]) => executeSubcommand(subcommands, argv);
