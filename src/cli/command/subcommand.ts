/** `batchyard NAME SUBCOMMAND …`: picks the subcommand's file and its help. */
import { CommandError, exitCode } from "./exit-code.ts";

export interface Subcommand {
  readonly help: string;
  execute(argv: readonly string[]): Promise<number>;
}

export type Subcommands = Readonly<Record<string, { readonly summary: string; load(): Promise<Subcommand> }>>;

export function subcommandHelp(name: string, title: string, subcommands: Subcommands): string {
  const lines = Object.entries(subcommands).map(([word, { summary }]) => `  ${word.padEnd(12)}${summary}\n`);
  return `${title}

Usage: batchyard ${name} SUBCOMMAND [OPTIONS]

${lines.join("")}
batchyard ${name} SUBCOMMAND --help tells more.
`;
}

/** @throws CommandError (usage) for a subcommand that is missing or unknown. */
export async function executeSubcommand(
  subcommands: Subcommands,
  [word, ...argv]: readonly string[],
): Promise<number> {
  if (word === undefined || !Object.hasOwn(subcommands, word)) {
    const known = Object.keys(subcommands).join(", ");
    const what = word === undefined ? "which subcommand?" : `there is no '${word}';`;
    throw new CommandError(`${what} one of ${known} (see --help)`, exitCode.usage);
  }
  const subcommand = await subcommands[word]?.load();
  if (subcommand === undefined) throw new Error(`no subcommand ${word}`);
  if (argv[0] === "--help" || argv[0] === "-h") {
    process.stdout.write(subcommand.help);
    return exitCode.ok;
  }
  return subcommand.execute(argv);
}
