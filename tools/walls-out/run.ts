/**
 * node tools/walls-out/run.ts [FINDING | WORDS]...: takes each wall out in a copy of the repository, or those of the findings that are named and
 * those whose names have the words, tries what it stands in the way of, and says which attacks win then. Exit code 1 where one of those that
 * should does not: then nothing tries that wall. All take half an hour.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Wall } from "./wall.ts";
import { WALLS } from "./walls.ts";

const repository = join(import.meta.dirname, "../..");
/** Of one file of attacks: one that wins may well wait for what never comes. */
const ATTACK_MS = 300_000;

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

function copied(): string {
  const copy = mkdtempSync(join(tmpdir(), "walls-out-"));
  const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: repository,
    encoding: "utf8",
  }).split("\0");
  for (const file of files)
    if (file !== "" && existsSync(join(repository, file))) cpSync(join(repository, file), join(copy, file));
  symlinkSync(join(repository, "node_modules"), join(copy, "node_modules"));
  // Guards ask git what there is.
  execFileSync("git", ["init", "--quiet"], { cwd: copy });
  return copy;
}

/** By their titles; undefined where the file did not come to its tests. */
function outcomes(
  copy: string,
  attacks: string,
  titles: readonly string[] | undefined,
): ReadonlyMap<string, string> {
  const report = join(copy, "outcomes.json");
  rmSync(report, { force: true });
  const vitest = join(repository, "node_modules/vitest/vitest.mjs");
  const words = [
    vitest,
    "run",
    attacks,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...(titles
      ? ["--testNamePattern", titles.map((title) => title.replaceAll(/[^\w ]/g, ".")).join("|")]
      : []),
  ];
  const stdio = process.env.WALLS_OUT_SHOW ? "inherit" : "ignore";
  spawnSync(process.execPath, words, { cwd: copy, timeout: ATTACK_MS, stdio });
  if (!existsSync(report)) return new Map();
  const { testResults } = JSON.parse(readFileSync(report, "utf8")) as Report;
  return new Map(
    testResults.flatMap((file) => file.assertionResults.map(({ title, status }) => [title, status])),
  );
}

/** @returns what did not win, with what became of it */
function withoutWall(copy: string, { edits, attacks, wins, fells, alone }: Wall): string[] {
  const before = new Map(edits.map(({ file }) => [file, readFileSync(join(copy, file), "utf8")]));
  for (const { file, from, to } of edits) {
    const text = readFileSync(join(copy, file), "utf8");
    writeFileSync(
      join(copy, file),
      text.replace(from, () => to),
    );
  }
  try {
    const seen = [...outcomes(copy, attacks, alone && wins)];
    if (fells && seen.length === 0) return [];
    return wins.flatMap((title) => {
      const found = seen.filter(([name]) => name.startsWith(title));
      if (found.some(([, status]) => status === "failed")) return [];
      return [`${title}: ${found.map(([, status]) => status).join(", ") || "was not tried"}`];
    });
  } finally {
    for (const [file, text] of before) writeFileSync(join(copy, file), text);
  }
}

const words = process.argv.slice(2);
const isWanted = ({ finding, without }: Wall): boolean =>
  words.length === 0 ||
  words.some((word) => (/^\d+$/.test(word) ? Number(word) === finding : without.includes(word)));
const copy = copied();
try {
  for (const wall of WALLS.filter(isWanted)) {
    const held = withoutWall(copy, wall);
    const won = wall.wins.length - held.length;
    console.log(`${wall.finding}, without ${wall.without}: ${won} of ${wall.wins.length} win`);
    for (const line of held) console.log(`  ${line}`);
    if (held.length > 0) process.exitCode = 1;
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
