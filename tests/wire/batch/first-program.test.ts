/** README's first programs, each with exactly the packages that its install line brings. */
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { batchyardRun, reported } from "../client-program.fixture.ts";

const run = promisify(execFile);
const repository = fileURLToPath(new URL("../../..", import.meta.url));
const INSTALL = /^pip install (.+)$/gm;
const PROGRAMS = ["first-program.py", "first-program-before-15.py"] as const;

/** The arguments of README's install lines, in the order in which the programs stand there. */
const lines = [...readFileSync(join(repository, "README.md"), "utf8").matchAll(INSTALL)].map(
  ([, words = ""]) =>
    words
      .replace(/\s*#.*$/, "")
      .replaceAll('"', "")
      .split(" "),
);

const guide = readFileSync(join(repository, "docs/guides/migrate.md"), "utf8");

const folder = mkdtempSync(join(tmpdir(), "batchyard-first-program-"));
const python = (index: number) => join(folder, String(index), "bin", "python");
let installed: readonly boolean[] = [];

beforeAll(async () => {
  installed = await Promise.all(
    lines.map(async (words, index) => {
      try {
        await run("python3", ["-m", "venv", join(folder, String(index))]);
        await run(python(index), [
          "-m",
          "pip",
          "install",
          "--quiet",
          "--disable-pip-version-check",
          ...words,
        ]);
        return true;
      } catch (error) {
        console.warn(
          `SKIPPED: pip install ${words.join(" ")} does not work here: ${String(error).slice(0, 300)}`,
        );
        return false;
      }
    }),
  );
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(PROGRAMS)("%s", (program) => {
  test("runs with what README's line installs", async (context) => {
    const index = PROGRAMS.indexOf(program);
    expect(lines, "README has a line for each program").toHaveLength(PROGRAMS.length);
    if (!installed[index]) return context.skip();
    // Every program of today's is ready for 2025-06-01, and so runs where older requests are answered as that.
    const end = await batchyardRun(
      [python(index), join(repository, "examples", program)],
      ["--ephemeral", "--as", "2025-06-01", "--report", "--json"],
    );
    expect(end.code, end.stderr).toBe(0);
    expect(end.stdout).toMatch(/^hello from tvmps_/);
    const { findings, isReady, inReplies } = reported(end);
    const changed = findings.filter(({ fate }) => fate !== "unchanged").map(({ kind }) => kind);
    expect({ isReady, changed, inReplies }).toEqual(
      program === "first-program.py"
        ? { isReady: true, changed: [], inReplies: [] }
        : { isReady: false, changed: ["api-version"], inReplies: [] },
    );
  });
});

describe("the guide to newer api-versions", () => {
  test("installs for Python what README does, which is tried above", () => {
    const told = [...guide.matchAll(INSTALL)].map(([line]) => line);
    expect(told).toHaveLength(2);
    const readme = readFileSync(join(repository, "README.md"), "utf8");
    expect(told.filter((line) => !readme.includes(line))).toEqual([]);
  });

  test("has a JavaScript program that runs with what its line installs, and is ready", async (context) => {
    const words = /^npm install (@azure\/batch@13 .+)$/m.exec(guide)?.[1]?.split(" ") ?? [];
    expect(words.length).toBeGreaterThan(1);
    const home = join(folder, "javascript");
    mkdirSync(home);
    try {
      await run("npm", ["install", "--silent", "--no-audit", "--no-fund", "--prefix", home, ...words]);
    } catch {
      console.warn(`SKIPPED: npm install ${words.join(" ")} does not work here`);
      return context.skip();
    }
    const program = join(home, "first-program-13.mjs");
    copyFileSync(join(repository, "examples/first-program-13.mjs"), program);
    const end = await batchyardRun([process.execPath, program], ["--ephemeral", "--report", "--json"]);
    expect(end.code, end.stderr).toBe(0);
    expect(end.stdout).toMatch(/^hello from tvmps_/);
    expect(reported(end)).toMatchObject({ isReady: true, things: 0 });
  });
});
