/** `batchyard access`: why a request was refused, and what it takes. */
import { executeSubcommand, type Subcommands, subcommandHelp } from "./command/subcommand.ts";

const subcommands: Subcommands = {
  explain: { summary: "why a request was denied", load: () => import("./access/explain.ts") },
  check: { summary: "what a principal may do somewhere", load: () => import("./access/check.ts") },
  audit: { summary: "what was changed and denied, and why", load: () => import("./access/audit.ts") },
  record: { summary: "the smallest role for a program", load: () => import("./access/record.ts") },
};

export const help = subcommandHelp("access", "Explain who may do what, and why.", subcommands);

export const execute = (argv: readonly string[]) => executeSubcommand(subcommands, argv);
