/** First programs, each with exactly the packages that README's, a guide's or its own install line brings; no such line goes untried. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { removeDataFolder } from "../../../src/cli/service/data-folder.ts";
import { type UpProcess, up } from "../../e2e/batchyard-process.ts";
import { batchyardRun, type ProgramEnd, programEnd, reported } from "../client-program.fixture.ts";
import { searchFoldersForLeaks } from "../leak-search.fixture.ts";

const run = promisify(execFile);
const repository = fileURLToPath(new URL("../../..", import.meta.url));
const INSTALL = /^pip install (.+)$/gm;
const PROGRAMS = ["first-program.py", "first-program-before-15.py"] as const;

const JAVASCRIPT = [
  ["first-program.ts", "@azure/batch@10 @azure/identity", { isReady: false, things: 1 }],
  ["first-program-13.mjs", "@azure/batch@13 @azure/identity", { isReady: true, things: 0 }],
] as const;

/** The arguments of README's install lines, in the order in which the programs stand there. */
const lines = [...readFileSync(join(repository, "README.md"), "utf8").matchAll(INSTALL)].map(
  ([, words = ""]) =>
    words
      .replace(/\s*#.*$/, "")
      .replaceAll('"', "")
      .split(" "),
);

const BY_HAND = "./bin/batchyard.js";
const YES = "ready for 2025-06-01: yes";
const NOTHING = "ready for 2025-06-01: nothing was sent to the Batch service";
const NO = "ready for 2025-06-01: no (1 thing)";
/** The guide's commands but the install lines: with what they end, and the last line of their report. */
const SAID: readonly (readonly [line: string, code: number, verdict: string])[] = [
  [`${BY_HAND} run --report -- python3 app.py`, 0, NO],
  [`${BY_HAND} run --report --markdown --report-file report.md -- python3 app.py`, 0, ""],
  // Nothing is gone: the api-version has a successor.
  [`${BY_HAND} run --fail-on gone -- python3 app.py`, 0, NO],
  [`${BY_HAND} versions report --for 1h`, 0, NOTHING],
  [
    `${BY_HAND} versions report --since 7d --client azurecli`,
    0,
    "ready for 2025-06-01: the log has nothing of it",
  ],
  [`${BY_HAND} run --as 2025-06-01 -- python3 app.py`, 0, ""],
  [`${BY_HAND} run --report -- python3 examples/first-program-before-15.py`, 0, NO],
  [`${BY_HAND} run --report -- python3 examples/first-program.py`, 0, YES],
  [`${BY_HAND} run --report -- node examples/first-program.ts`, 0, NO],
  [`${BY_HAND} run --report -- node examples/first-program-13.mjs`, 0, YES],
];

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

/** Those that the test of JavaScript's program of that number has installed. */
function useModules(place: string, index: number): void {
  const link = join(place, "node_modules");
  rmSync(link, { force: true });
  symlinkSync(join(folder, JAVASCRIPT[index]?.[0] ?? "", "node_modules"), link);
}

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

describe("JavaScript's first programs", () => {
  test.each(JAVASCRIPT)(
    "%s runs with what 'npm install %s' brings",
    { timeout: 120_000 },
    async (name, words, verdict) => {
      const home = join(folder, name);
      mkdirSync(home);
      // Else npm looks for a project further up.
      writeFileSync(join(home, "package.json"), "{}");
      const found = await run(
        "npm",
        ["install", "--silent", "--no-audit", "--no-fund", ...words.split(" ")],
        {
          cwd: home,
        },
      ).then(
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
    },
  );
});

describe("the guide to newer api-versions", () => {
  test("installs for Python what README does, which is tried above", () => {
    const told = [...guide.matchAll(INSTALL)].map(([line]) => line);
    expect(told).toHaveLength(2);
    const readme = readFileSync(join(repository, "README.md"), "utf8");
    expect(told.filter((line) => !readme.includes(line))).toEqual([]);
  });

  describe("each of its commands, as it is written,", () => {
    const place = join(folder, "guide");
    const environment = (venv: string) => ({
      ...process.env,
      XDG_STATE_HOME: join(place, "state"),
      PATH: [join(venv, "bin"), dirname(process.execPath), process.env.PATH].join(delimiter),
    });
    let service: UpProcess;

    beforeAll(async () => {
      mkdirSync(join(place, "state"), { recursive: true });
      symlinkSync(join(repository, "bin"), join(place, "bin"));
      cpSync(join(repository, "examples"), join(place, "examples"), { recursive: true });
      copyFileSync(join(repository, "examples", PROGRAMS[1]), join(place, "app.py"));
      service = await up([], { environment: environment("") });
    });
    afterAll(async () => {
      await service?.stop();
      searchFoldersForLeaks(place);
      await removeDataFolder(join(place, "state"));
    });

    /** Ctrl-C, once it watches, of what is to go on for an hour. */
    async function interrupted(line: string, venv: string): Promise<ProgramEnd> {
      const child = spawn("bash", ["-c", `exec ${line}`], {
        cwd: place,
        env: environment(venv),
        stdio: ["ignore", "pipe", "pipe"],
      });
      const ended = Promise.all([once(child, "close"), text(child.stdout), text(child.stderr)]);
      child.stderr.on("data", (said: Buffer) => {
        if (String(said).includes("watching")) child.kill("SIGINT");
      });
      const [[code], stdout, stderr] = await ended;
      return { code, stdout, stderr };
    }

    test("does what it says there", { timeout: 240_000 }, async () => {
      const commands = [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = ""]) =>
        block.trim().split("\n"),
      );
      const said: [string, number | null, string][] = [];
      const skipped: string[] = [];
      let index = 1;
      for (const command of commands) {
        const [line = ""] = command.split(/\s+#/, 1);
        if (line.startsWith("pip install"))
          index = lines.findIndex((words) => line.replaceAll('"', "").endsWith(words.join(" ")));
        if (line.startsWith("npm install")) useModules(place, line.endsWith("@13 @azure/identity") ? 1 : 0);
        // What the install lines bring is here already, by the tests above.
        if (/^(pip|npm) install/.test(line)) continue;
        const isHere = line.includes("python3")
          ? installed[index] === true
          : !line.includes("-- node") || existsSync(join(place, "node_modules", "@azure", "batch"));
        if (!isHere) {
          skipped.push(line);
          continue;
        }
        const venv = join(folder, String(index));
        const end = line.includes("--for ")
          ? await interrupted(line, venv)
          : await programEnd("bash", ["-c", `cd ${place} && ${line}`], environment(venv));
        const [verdict = ""] = /ready for .*/.exec(end.stdout + end.stderr) ?? [];
        said.push([line, end.code, verdict]);
      }
      if (skipped.length > 0) console.warn(`SKIPPED, for want of their packages: ${skipped.join("; ")}`);
      expect(said).toEqual(SAID.filter(([line]) => !skipped.includes(line)));
      if (installed[1])
        expect(readFileSync(join(place, "report.md"), "utf8")).toContain("ready for 2025-06-01");
    });
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
