/** `batchyard app secret`: what an application proves itself with. */
import { executeSubcommand, type Subcommands, subcommandHelp } from "../command/subcommand.ts";

const subcommands: Subcommands = {
  add: { summary: "add a secret, shown once", load: () => import("./secret/add.ts") },
  list: { summary: "key ids, hints and ends", load: () => import("./secret/list.ts") },
  remove: { summary: "end one at once", load: () => import("./secret/remove.ts") },
};

export const help = subcommandHelp("app secret", "Secrets of an application.", subcommands);

export const execute = (argv: readonly string[]) => executeSubcommand(subcommands, argv);
