/** First programs, each with exactly the packages that README's, a guide's or its own install line brings; no such line goes untried. */
import { execFile } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
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
});

describe("JavaScript's first programs", () => {
  test.each([
    ["first-program.ts", "@azure/batch@10 @azure/identity", { isReady: false, things: 1 }],
    ["first-program-13.mjs", "@azure/batch@13 @azure/identity", { isReady: true, things: 0 }],
  ])("%s runs with what 'npm install %s' brings", { timeout: 120_000 }, async (name, words, verdict) => {
    const home = join(folder, name);
    mkdirSync(home);
    // Else npm looks for a project further up.
    writeFileSync(join(home, "package.json"), "{}");
    const found = await run("npm", ["install", "--silent", "--no-audit", "--no-fund", ...words.split(" ")], {
      cwd: home,
    }).then(
      () => true,
      () => false,
    );
    if (!found) {
      console.warn(`SKIPPED: npm install ${words} does not work here`);
      return;
    }
    copyFileSync(join(repository, "examples", name), join(home, name));
    const end = await batchyardRun(
      [process.execPath, join(home, name)],
      ["--ephemeral", "--report", "--json"],
    );
    expect(end.code, end.stderr).toBe(0);
    expect(end.stdout).toMatch(/^hello from tvmps_/);
    expect(reported(end)).toMatchObject(verdict);
  });
});

test("README, guides and examples have no install line but those that are tried", () => {
  const files = [
    "README.md",
    ...["docs/guides", "examples"].flatMap((at) =>
      readdirSync(join(repository, at)).map((name) => join(at, name)),
    ),
  ];
  const told = files.flatMap((file) =>
    [
      ...readFileSync(join(repository, file), "utf8").matchAll(
        /^[\s*]*((?:pip3?|npm) (?:install|i) [^#\n]+)/gm,
      ),
    ].map(([, line = ""]) => line.trim()),
  );
  expect([...new Set(told)].sort()).toEqual([
    "npm install @azure/batch@10 @azure/identity",
    "npm install @azure/batch@13 @azure/identity",
    // This project's own: `npm ci` brings it, and the tests of storage run it.
    "npm install azurite",
    'pip install "azure-batch<15" azure-common',
    "pip install azure-batch azure-identity",
  ]);
});
