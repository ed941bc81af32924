/** Reads a command's options: `parseArgs`, with its complaints turned into a usage error. */
import { type ParseArgsConfig, parseArgs } from "node:util";
import { CommandError, exitCode } from "./exit-code.ts";

export type Options = NonNullable<ParseArgsConfig["options"]>;
export type OptionValues<T extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; strict: true; allowPositionals: false }>
>["values"];

/**
 * The values of a command that takes options only.
 * @throws CommandError (usage) for an unknown option, a missing value or a stray word.
 */
export function parseOptions<const T extends Options>(argv: readonly string[], options: T): OptionValues<T> {
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    // Node explains at length how to pass a word that begins with a dash; the first sentence says what is wrong.
    const [sentence = ""] = (error as Error).message.split(/\. (?=[A-Z])/);
    throw new CommandError(`${sentence.replace(/\.$/, "")} (see --help)`, exitCode.usage);
  }
}

/**
 * The values and the words of a command that takes both, in any order.
 * @throws CommandError (usage) for an unknown option or a missing value.
 */
export function parseWords<const T extends Options>(
  argv: readonly string[],
  options: T,
): { readonly values: OptionValues<T>; readonly words: readonly string[] } {
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const words = tokens.filter((token) => token.kind === "positional");
  const places = new Set(words.map(({ index }) => index));
  return {
    values: parseOptions(
      argv.filter((_, index) => !places.has(index)),
      options,
    ),
    words: words.map(({ value }) => value),
  };
}

/** The one word that a command takes. @param question which one, and how to say it. @throws CommandError (usage) */
export function oneWord(words: readonly string[], question: string): string {
  const [word, ...others] = words;
  if (word === undefined || word === "" || others.length > 0)
    throw new CommandError(question, exitCode.usage);
  return word;
}

/**
 * Splits `[OPTIONS] [--] PROGRAM [ARGUMENTS]`, where everything from the program's name on is the program's own.
 */
export function splitProgram(
  argv: readonly string[],
  options: Options,
): { readonly own: readonly string[]; readonly program: readonly string[] } {
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true });
  const end = tokens.find(({ kind }) => kind !== "option");
  if (end === undefined) return { own: argv, program: [] };
  return {
    own: argv.slice(0, end.index),
    program: argv.slice(end.kind === "option-terminator" ? end.index + 1 : end.index),
  };
}
