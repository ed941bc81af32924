/** `batchyard versions`: what programs use of their api-versions, and what becomes of it. */
import { executeSubcommand, type Subcommands, subcommandHelp } from "./command/subcommand.ts";

const subcommands: Subcommands = {
  report: { summary: "what breaks with a newer api-version", load: () => import("./versions/report.ts") },
};

export const help = subcommandHelp(
  "versions",
  "Tell what of a program ends when Azure gives up its api-version.",
  subcommands,
);

export const execute = (argv: readonly string[]) => executeSubcommand(subcommands, argv);
