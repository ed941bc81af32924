/** `batchyard tenant`: the directory that users and applications are in. */
import { executeSubcommand, type Subcommands, subcommandHelp } from "./command/subcommand.ts";

const subcommands: Subcommands = {
  show: { summary: "its id, name and domains", load: () => import("./tenant/show.ts") },
};

export const help = subcommandHelp(
  "tenant",
  "The directory that users and applications are in.",
  subcommands,
);

export const execute = (argv: readonly string[]) => executeSubcommand(subcommands, argv);
