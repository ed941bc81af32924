/** How each shell sets and removes environment variables. Knows quoting; knows no variable. */

export interface ShellDialect {
  set(name: string, value: string): string;
  unset(name: string): string;
  quote(word: string): string;
  /** What a user of the shell must know who has just set variables, said by the shell; no text where there is nothing. */
  readonly caution?: string;
}

/** bash, zsh, dash, ksh: inside single quotes nothing is special but the quote itself. */
const bash: ShellDialect = {
  quote: (word) => `'${word.replaceAll("'", "'\\''")}'`,
  set: (name, value) => `export ${name}=${bash.quote(value)}`,
  unset: (name) => `unset ${name}`,
};

/** fish: inside single quotes a backslash escapes itself and the quote. */
const fish: ShellDialect = {
  quote: (word) => `'${word.replace(/[\\']/g, "\\$&")}'`,
  set: (name, value) => `set -gx ${name} ${fish.quote(value)}`,
  unset: (name) => `set -e ${name}`,
};

/** PowerShell takes the typographic single quotes for quotes too; each is escaped by doubling it. */
const powershell: ShellDialect = {
  quote: (word) => `'${word.replace(/['‘’‚‛]/g, "$&$&")}'`,
  set: (name, value) => `$env:${name} = ${powershell.quote(value)}`,
  unset: (name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`,
  // Its own web commands are .NET's. A root in the user's store would reach them, and stay trusted when the shell has ended.
  get caution() {
    const text =
      "Invoke-RestMethod and its like know the variables that PowerShell was started with: for them, start pwsh anew from here.";
    return `Write-Warning ${powershell.quote(text)}`;
  },
};

export const shellDialects = { bash, fish, powershell } as const;
export type ShellName = keyof typeof shellDialects;

/** What `$SHELL` names, and bash's syntax for all its relatives. */
export function shellOf(path: string | undefined): ShellName {
  const name = path?.split(/[\\/]/).at(-1) ?? "";
  if (name.startsWith("fish")) return "fish";
  return /^(pwsh|powershell)/.test(name) ? "powershell" : "bash";
}
