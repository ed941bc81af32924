/** `batchyard user`: users who can sign in. */
import { executeSubcommand, type Subcommands, subcommandHelp } from "./command/subcommand.ts";

const subcommands: Subcommands = {
  create: { summary: "a new user, with a password shown once", load: () => import("./user/create.ts") },
  list: { summary: "all users", load: () => import("./user/list.ts") },
  delete: { summary: "one who is to sign in no more", load: () => import("./user/delete.ts") },
};

export const help = subcommandHelp("user", "Users who can sign in.", subcommands);

export const execute = (argv: readonly string[]) => executeSubcommand(subcommands, argv);
