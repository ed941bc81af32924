import { describe, expect, it } from "vitest";
import { batchyard } from "../batchyard-process.ts";

const commands = [
  "up",
  "run",
  "env",
  "status",
  "stop",
  "tenant",
  "app",
  "user",
  "login",
  "doctor",
  "demo",
  "versions",
];
const subcommands = [
  "tenant show",
  ...["create", "list", "show", "delete", "consent"].map((verb) => `app ${verb}`),
  ...["secret", "secret add", "permission", "permission add"].map((words) => `app ${words}`),
  ...["create", "list"].map((verb) => `user ${verb}`),
  "versions report",
];

describe("batchyard's own help", () => {
  it.each(["", ...commands, ...subcommands])("fits into 80 columns: %s --help", async (name) => {
    const { code, stdout, stderr } = await batchyard([...name.split(" ").filter(Boolean), "--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^Usage: /m);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it("lists every command", async () => {
    const { stdout } = await batchyard(["--help"]);
    for (const name of commands) expect(stdout).toMatch(new RegExp(`^ {2}${name} `, "m"));
  });

  it.each([
    [[]],
    [["nope"]],
    [["up", "--nope"]],
    [["up", "stray"]],
    [["up", "--port", "65536"]],
    [["env", "--mode", "x"]],
    [["run", "--fail-on", "x", "--", "true"]],
    [["versions", "report", "--for", "25h"]],
    [["versions", "report", "--for", "1h", "--since", "7d"]],
    [["versions", "report", "--since", "yesterday"]],
  ])("wrong usage ends with 2 and prints nothing to stdout: %s", async (parameters) => {
    expect(await batchyard(parameters)).toMatchObject({ code: 2, stdout: "" });
  });

  it("refuses a mode that is not there yet instead of guessing", async () => {
    const { code, stdout, stderr } = await batchyard(["env", "--mode", "msi"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^batchyard env: [^\n]*managed identities[^\n]*\n$/);
  });
});
