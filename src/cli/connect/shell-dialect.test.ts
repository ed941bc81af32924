import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { type ShellDialect, shellDialects, shellOf } from "./shell-dialect.ts";

const nasty = `it's "quoted" \\ $HOME \`id\` ’curly‘\n*`;

describe("shell dialects", () => {
  it("bash reads back exactly what was set, and nothing after unset", () => {
    const { set, unset } = shellDialects.bash;
    const script = `${set("A", nasty)}; printf %s "$A"; ${unset("A")}; printf "|%s" "$A"`;
    expect(execFileSync("bash", ["-c", script], { encoding: "utf8" })).toBe(`${nasty}|`);
  });

  it("fish escapes backslashes and quotes inside single quotes", () => {
    expect(shellDialects.fish.set("A", "it's \\ $HOME")).toBe("set -gx A 'it\\'s \\\\ $HOME'");
    expect(shellDialects.fish.unset("A")).toBe("set -e A");
  });

  it("PowerShell doubles single quotes, the typographic ones too", () => {
    expect(shellDialects.powershell.set("A", "it's ’curly‘ $x")).toBe("$env:A = 'it''s ’’curly‘‘ $x'");
  });

  it("only PowerShell has something to say to who has set variables", () => {
    const { bash, fish, powershell } = shellDialects as Record<string, ShellDialect>;
    expect([bash?.caution, fish?.caution]).toEqual([undefined, undefined]);
    expect(powershell?.caution).toMatch(/^Write-Warning '[^']*start pwsh anew[^']*'$/);
  });

  it("is chosen from $SHELL, with bash's syntax for the rest of the family", () => {
    expect(shellOf("/usr/bin/fish")).toBe("fish");
    expect(shellOf("/opt/microsoft/powershell/7/pwsh")).toBe("powershell");
    expect(shellOf("/bin/zsh")).toBe("bash");
    expect(shellOf(undefined)).toBe("bash");
  });
});
