/**
 * Splits a task's command line into words. Azure Batch runs it without a shell, so there are no variables, globs,
 * pipes or comments: only blanks, quotes and backslashes mean anything. The rules are those of Python's `shlex`, in
 * which the Linux node agent is at home: inside double quotes a backslash escapes only `"` and itself.
 */

const BLANK = /[ \t\r\n]/;

/** @throws {SyntaxError} when a quote is not closed, or a backslash is the last character. */
export function splitCommandLine(commandLine: string): string[] {
  const words: string[] = [];
  let word: string | undefined; // undefined between words, so that '' is a word
  let at = 0;

  const next = (): string => {
    const character = commandLine[++at];
    if (character === undefined)
      throw new SyntaxError("The command line ends inside a quote or after a backslash.");
    return character;
  };

  for (; at < commandLine.length; at++) {
    const character = commandLine.charAt(at);
    if (BLANK.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    word ??= "";
    if (character === "\\") {
      word += next();
    } else if (character === "'") {
      for (let quoted = next(); quoted !== "'"; quoted = next()) word += quoted;
    } else if (character === '"') {
      for (let quoted = next(); quoted !== '"'; quoted = next()) {
        if (quoted !== "\\") word += quoted;
        else {
          const escaped = next();
          word += escaped === '"' || escaped === "\\" ? escaped : `\\${escaped}`;
        }
      }
    } else {
      word += character;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}
