/** `batchyard group`: resource groups. */
import { executeSubcommand, type Subcommands, subcommandHelp } from "./command/subcommand.ts";

const subcommands: Subcommands = {
  create: { summary: "a resource group", load: () => import("./group/create.ts") },
  list: { summary: "the groups of the subscription", load: () => import("./group/list.ts") },
  delete: { summary: "a group with all that is in it", load: () => import("./group/delete.ts") },
};

export const help = subcommandHelp("group", "Manage resource groups.", subcommands);

export const execute = (argv: readonly string[]) => executeSubcommand(subcommands, argv);
