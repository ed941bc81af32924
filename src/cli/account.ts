/** `batchyard account`: Batch accounts and their keys. */
import { executeSubcommand, type Subcommands, subcommandHelp } from "./command/subcommand.ts";

const subcommands: Subcommands = {
  create: { summary: "an account, on a port of its own", load: () => import("./account/create.ts") },
  list: { summary: "the accounts of the subscription", load: () => import("./account/list.ts") },
  show: { summary: "one account, as the REST API has it", load: () => import("./account/show.ts") },
  keys: { summary: "show its keys, or renew one", load: () => import("./account/keys.ts") },
};

export const help = subcommandHelp("account", "Manage Batch accounts.", subcommands);

export const execute = (argv: readonly string[]) => executeSubcommand(subcommands, argv);
