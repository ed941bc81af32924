/** `batchyard app permission`: what an application asks for. */
import { executeSubcommand, type Subcommands, subcommandHelp } from "../command/subcommand.ts";

const subcommands: Subcommands = {
  add: { summary: "ask for the permission of an API", load: () => import("./permission/add.ts") },
};

export const help = subcommandHelp("app permission", "API permissions of an application.", subcommands);

export const execute = (argv: readonly string[]) => executeSubcommand(subcommands, argv);
