/** Runs a suite of Microsoft's live tests through `batchyard run`, each pass with a service of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LiveOutcome, LiveSuite } from "./live-suites.ts";

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const BATCHYARD = here("../../bin/batchyard.js");

/** One service, and what runs against it. */
interface Pass {
  readonly folder: string;
  /** Of `batchyard run`. */
  readonly options: readonly string[];
  /** For `sh -c`. */
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The date on which service and tests believe to be. */
  readonly date?: string;
}

/** @param folder where `bring` put the tests */
export function isBrought({ id }: Pick<LiveSuite, "id">, folder: string): boolean {
  return existsSync(join(folder, id.startsWith("node-") ? "node/node_modules" : `${id}/tests`));
}

/**
 * @param log is told what service and tests print
 * @returns the last outcome of each test, in the order in which they ran
 */
export async function runLiveSuite(
  { id }: Pick<LiveSuite, "id">,
  folder: string,
  log: (text: string) => void,
): Promise<readonly LiveOutcome[]> {
  const scratch = mkdtempSync(join(tmpdir(), "batchyard-live-"));
  const outcomes = join(scratch, "outcomes");
  try {
    for (const pass of passesOf(id, folder)) await runPass(pass, outcomes, log);
    const lines = existsSync(outcomes) ? readFileSync(outcomes, "utf8").trim().split("\n") : [];
    const told = lines.map((line) => JSON.parse(line) as LiveOutcome);
    return [...new Map(told.map((outcome) => [outcome.test, outcome])).values()];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function passesOf(id: string, folder: string): readonly Pass[] {
  if (id === "node-batch") {
    const run = (grep: string) => nodePass(folder, "batch/batchClient-tests.js", grep);
    return [
      run(""),
      // As Microsoft recorded them, by the dates of its recordings: apart from the others, schedules in 2020, for one begins in that December,
      // and node files on a new pool, for by the order of the file it has two nodes left where the tests look for a third.
      { ...run("job sch?e?dule"), date: "2020-06-01 00:00:00" },
      run("add new certificate|create a new pool|re-list compute nodes|from (compute )?node success"),
    ];
  }
  if (id === "node-mgmt") return [nodePass(folder, "batchManagement/batchManagementClient-tests.js", "")];
  return [pythonPass(join(folder, id))];
}

function pythonPass(folder: string): Pass {
  return {
    folder: join(folder, "tests"),
    // As many as the subscription of the tests has.
    options: ["--accounts-per-location", "3"],
    command:
      "exec python3 -S -m pytest -q -p live_outcomes -p no:cacheprovider -o asyncio_mode=auto -o addopts= --tb=short .",
    environment: {
      PYTHONPATH: `${join(folder, "libraries")}:${here("python")}`,
      PYTHONDONTWRITEBYTECODE: "1",
      PYTHONWARNINGS: "ignore",
      AZURE_TEST_RUN_LIVE: "true",
      BATCH_USERSUB_ACCOUNT_NAME: "myaccount",
      BATCH_RESOURCE_GROUP: "batchyard",
    },
  };
}

/** @param grep a pattern of titles; empty for all */
function nodePass(folder: string, file: string, grep: string): Pass {
  const mocha = ["-r", here("node/pace.cjs"), "-u", "tdd", "-t", "5000000", "-R", here("node/outcomes.cjs")];
  const words = [...mocha, "-g", grep || ".", `test/services/${file}`].map((word) => `'${word}'`);
  return {
    folder: join(folder, "node"),
    options: ["--accounts-per-location", "1", "--seed", here("node/seed.json")],
    command: [
      `node '${here("node/prepare.mjs")}'`,
      // As the readmes of the tests name them.
      "export CLIENT_ID=$AZURE_CLIENT_ID APPLICATION_SECRET=$AZURE_CLIENT_SECRET DOMAIN=$AZURE_TENANT_ID",
      "export AZURE_BATCH_ACCOUNT_KEY=$AZURE_BATCH_ACCESS_KEY",
      `exec node node_modules/mocha/bin/_mocha ${words.join(" ")}`,
    ].join(" && "),
    environment: { NOCK_OFF: "true", NODE_NO_WARNINGS: "1" },
  };
}

async function runPass(pass: Pass, outcomes: string, log: (text: string) => void): Promise<void> {
  const machine = here("machine");
  const words = [BATCHYARD, "run", "--ephemeral", "--port", "0", "--node-path", machine, ...pass.options];
  const command = [process.execPath, ...words, "--", "sh", "-c", pass.command];
  const [program = "", ...rest] =
    pass.date === undefined ? command : ["faketime", "-f", `@${pass.date}`, ...command];
  const child = spawn(program, rest, {
    cwd: pass.folder,
    env: {
      ...process.env,
      ...pass.environment,
      // Tasks find `cmd` where the service did.
      PATH: `${machine}:${process.env.PATH}`,
      LIVE_OUTCOMES: outcomes,
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", log);
  }
  // How it ended is told by the outcomes alone: a suite in which a test fails ends with an error.
  await once(child, "close");
}
