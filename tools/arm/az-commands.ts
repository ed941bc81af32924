/**
 * The list of commands of the Azure CLI that a test gives to the service, with what each ends with: `## CODE REASON` behind a command
 * that fails. `$NAME = COMMAND` keeps its output for later ones, `wait WORD COMMAND` repeats it until it prints the word.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface AzCommand {
  /** As the Azure CLI is given it, names of values included. */
  readonly line: string;
  /** The command's own name, without options: `batch pool create`. */
  readonly name: string;
  /** The exit code. */
  readonly code: number;
  /** Why it fails; empty when it does not. */
  readonly reason: string;
}

const program = (name: string) =>
  fileURLToPath(new URL(`../../tests/wire/programs/${name}`, import.meta.url));

export const AZ_COMMANDS_FILE = program("az-commands.txt");

/** The version that is installed for it. */
export function azVersion(): string {
  const [, version] = /^azure-cli==(.+)$/m.exec(readFileSync(program("az-newest.txt"), "utf8")) ?? [];
  return version ?? "";
}

/** In their order, without those that only wait. @throws Error for a failure without a reason */
export function azCommands(): AzCommand[] {
  return readFileSync(AZ_COMMANDS_FILE, "utf8")
    .split("\n")
    .filter((text) => /^(\$\w+ = )?az /.test(text))
    .map((text) => {
      const [command = "", failure] = text.split(" ## ");
      const line = command.replace(/^\$\w+ = /, "");
      const [name = ""] = line.slice("az ".length).split(" -");
      const [code = "0", ...reason] = failure?.split(" ") ?? [];
      if (failure !== undefined && !(Number(code) > 0 && reason.length > 0))
        throw new Error(`no exit code or no reason: ${text}`);
      return { line, name, code: Number(code), reason: reason.join(" ") };
    });
}

/** One row for all that a command ended with in the same way. */
export function azCommandRows(): string[][] {
  const tries = new Map<string, { readonly command: AzCommand; count: number }>();
  for (const command of azCommands()) {
    const key = [command.name, command.code, command.reason].join("\n");
    const known = tries.get(key);
    if (known) known.count += 1;
    else tries.set(key, { command, count: 1 });
  }
  return [...tries.values()].map(({ command: { name, code, reason }, count }) => [
    `az ${name}`,
    String(count),
    String(code),
    reason,
  ]);
}
