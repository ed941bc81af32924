import { describe, expect, it } from "vitest";
import { parseOptions, splitProgram } from "./command-line.ts";
import { CommandError, exitCode } from "./exit-code.ts";

const options = { data: { type: "string" }, json: { type: "boolean", default: false } } as const;

describe("command line", () => {
  it.each([["--nope"], ["stray"], ["--data"], ["--json=yes"]])("%s is a usage error of one line", (word) => {
    const attempt = () => parseOptions([word], options);
    expect(attempt).toThrow(CommandError);
    expect(attempt).toThrow(expect.objectContaining({ exitCode: exitCode.usage }));
    expect(attempt).not.toThrow(/\n/);
  });

  it("leaves everything after -- to the program, options of the same name too", () => {
    expect(splitProgram(["--json", "--", "python3", "--data", "x", "--"], options)).toEqual({
      own: ["--json"],
      program: ["python3", "--data", "x", "--"],
    });
  });

  it("takes the first word for the program where -- is left out", () => {
    expect(splitProgram(["--data", "folder", "python3", "--json", "app.py"], options)).toEqual({
      own: ["--data", "folder"],
      program: ["python3", "--json", "app.py"],
    });
  });

  it("has no program where only options stand", () => {
    expect(splitProgram(["--json"], options)).toEqual({ own: ["--json"], program: [] });
    expect(splitProgram(["--json", "--"], options)).toEqual({ own: ["--json"], program: [] });
  });
});
