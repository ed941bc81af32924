/** `batchyard role`: role definitions and who holds them. */
import { executeSubcommand, type Subcommands, subcommandHelp } from "./command/subcommand.ts";

const subcommands: Subcommands = {
  list: { summary: "the roles that can be assigned", load: () => import("./role/list.ts") },
  show: { summary: "one role, as the REST API has it", load: () => import("./role/show.ts") },
  create: { summary: "a custom role from a JSON file", load: () => import("./role/create.ts") },
  assign: { summary: "give a principal a role", load: () => import("./role/assign.ts") },
  unassign: { summary: "take it back", load: () => import("./role/unassign.ts") },
};

export const help = subcommandHelp("role", "Manage roles and who holds them.", subcommands);

export const execute = (argv: readonly string[]) => executeSubcommand(subcommands, argv);
