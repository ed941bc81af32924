/**
 * Access decisions on one core, none of them asked before: a tenant with 10,000 role assignments and 500 custom roles, principals with 100
 * assignments each. The peers get the same policy set and the same questions, and must give the same answers.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BenchRow, Figure, Skipped } from "../bench-row.ts";

const run = promisify(execFile);

const PACKAGES = ["casbin@5.51.1", "@cedar-policy/cedar-wasm@4.13.0"];
const packageFolder = join(import.meta.dirname, "../../node_modules/.cache/batchyard-bench/decisions");
const PROGRAM = join(import.meta.dirname, "../peers/decision-engines.ts");

const ASSIGNMENTS = 10_000;
const FEW_ASSIGNMENTS = 100;
const QUESTIONS = 200_000;
/** The peers are slower by orders of magnitude. */
const PEER_QUESTIONS: Readonly<Record<string, number>> = { casbin: 20, cedar: 200 };
const NAME = "decisions";

export const decisions: BenchRow = {
  name: NAME,
  about: "access decisions per CPU-second, of 10,000 role assignments",
  async run({ quick, rounds, progress }) {
    const questions = quick ? QUESTIONS / 2 : QUESTIONS;
    const measured = await inRounds(rounds, async (round) => {
      progress(`decisions ${round}/${rounds}`);
      return {
        many: await rate("batchyard", ASSIGNMENTS, questions),
        few: await rate("batchyard", FEW_ASSIGNMENTS, questions),
      };
    });
    const [many, few] = [measured.map((r) => r.many.rate), measured.map((r) => r.few.rate)];
    const figures: (Figure | Skipped)[] = [
      {
        name: NAME,
        what: "decisions, 10,000 assignments",
        unit: "/cpu-s",
        values: many,
        bar: { atLeast: 100_000 },
      },
      {
        name: NAME,
        what: "  the same, how flat",
        unit: "/cpu-s",
        values: many,
        against: { name: "100 assignments", values: few },
        bar: { atLeast: 0.5 },
      },
    ];
    try {
      await install();
    } catch (error) {
      const reason = `npm install ${PACKAGES.join(" ")} failed: ${String(error).split("\n", 1)[0]}`;
      return [...figures, { name: NAME, skipped: reason }];
    }
    for (const [peer, peerQuestions] of Object.entries(PEER_QUESTIONS)) {
      progress(`decisions: ${peer}`);
      const same = await rate("batchyard", ASSIGNMENTS, peerQuestions);
      const rates = await inRounds(rounds, () => rate(peer, ASSIGNMENTS, peerQuestions));
      if (rates.some(({ allowed }) => allowed !== same.allowed)) {
        throw new Error(
          `${peer} allows ${rates[0]?.allowed} of ${peerQuestions} questions, not ${same.allowed}`,
        );
      }
      const values = rates.map((found) => found.rate);
      figures.push({
        name: NAME,
        what: "  the same",
        unit: "/cpu-s",
        values: many,
        against: { name: peer, values },
      });
    }
    return figures;
  },
};

async function inRounds<T>(rounds: number, measure: (round: number) => Promise<T>): Promise<T[]> {
  const found: T[] = [];
  for (let round = 1; round <= rounds; round++) found.push(await measure(round));
  return found;
}

async function rate(
  engine: string,
  assignments: number,
  questions: number,
): Promise<{ readonly rate: number; readonly allowed: number }> {
  const words = [PROGRAM, engine, packageFolder, String(assignments), String(questions)];
  const { stdout } = await run(process.execPath, words, { timeout: 300_000 });
  const [perSecond = "", allowed = ""] = stdout.trim().split(" ");
  return { rate: Number(perSecond), allowed: Number(allowed) };
}

async function install(): Promise<void> {
  if (existsSync(join(packageFolder, "node_modules/@cedar-policy"))) return;
  await mkdir(packageFolder, { recursive: true });
  await writeFile(join(packageFolder, "package.json"), '{ "private": true }\n');
  const options = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts"];
  await run("npm", ["install", ...options, ...PACKAGES], { cwd: packageFolder });
}
