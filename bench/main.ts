/**
 * Measures the service against its peers and against what the machine itself can do, and prints one table.
 *
 *   npm run bench -- [--quick] [--only NAME]... [--json FILE] [--check] [--against DIR]
 *
 * The service is a process of its own, and so is the load. How to read the table: docs/performance.md.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openBenchFolder } from "./bench-folder.ts";
import type { BenchContext, BenchRow, Figure, Skipped } from "./bench-row.ts";
import { exitOnSignals } from "./ends-with-bench.ts";
import { describeMachine, machineLine } from "./report/machine.ts";
import { outOfRange } from "./report/ranges.ts";
import { resultsJson } from "./report/results.ts";
import { renderTable } from "./report/table.ts";
import { blobs } from "./rows/blobs.ts";
import { containers } from "./rows/containers.ts";
import { decisions } from "./rows/decisions.ts";
import { fairness } from "./rows/fairness.ts";
import { files } from "./rows/files.ts";
import { flat } from "./rows/flat.ts";
import { growth } from "./rows/growth.ts";
import { idleMemory } from "./rows/idle-memory.ts";
import { imds } from "./rows/imds.ts";
import { ingest } from "./rows/ingest.ts";
import { jobGet } from "./rows/job-get.ts";
import { neighbours } from "./rows/neighbours.ts";
import { nodes } from "./rows/nodes.ts";
import { portal } from "./rows/portal.ts";
import { retention } from "./rows/retention.ts";
import { start } from "./rows/start.ts";
import { tasks, tasksOnDisk } from "./rows/tasks.ts";
import { tasksOnSlurm } from "./rows/tasks-slurm.ts";
import { tenMillion } from "./rows/ten-million.ts";
import { tokens } from "./rows/tokens.ts";
import { userTokens } from "./rows/user-tokens.ts";
import { buildProgram, sourceProgram } from "./service/service-program.ts";

const ROWS: readonly BenchRow[] = [
  tasks,
  tasksOnDisk,
  tasksOnSlurm,
  nodes,
  containers,
  ingest,
  tokens,
  userTokens,
  jobGet,
  imds,
  decisions,
  flat,
  fairness,
  files,
  blobs,
  neighbours,
  retention,
  start,
  idleMemory,
  growth,
  tenMillion,
  portal,
];

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", multiple: true },
    rounds: { type: "string" },
    json: { type: "string" },
    check: { type: "boolean", default: false },
    folder: { type: "string" },
    against: { type: "string" },
    dist: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const HELP = `Usage: npm run bench -- [OPTION]...

  --quick         smaller counts and one round: minutes become seconds
  --only NAME     this row alone; may be given several times
  --rounds N      rounds of each measurement (default 3)
  --json FILE     write the results there too
  --check         end with 3 where a ratio is out of its range
  --folder DIR    where to write; must be on a disk (default: the system's
                  folder for temporary files)
  --against DIR   the folder of another tree with its node_modules, for the
                  row that compares the two (growth)
  --dist          measure a build, as it is published, instead of the sources

Rows:
${ROWS.map(({ name, about }) => `  ${name.padEnd(15)} ${about}`).join("\n")}
`;

const unknown = (options.only ?? []).filter((name) => !ROWS.some((row) => row.name === name));
if (options.help || unknown.length > 0) {
  process.stdout.write(HELP);
  process.exit(options.help ? 0 : 2);
}

exitOnSignals();
const folder = await openBenchFolder(options.folder);
const machine = describeMachine(folder.path);
const figures: Figure[] = [];
const skipped: Skipped[] = [];
const context: BenchContext = {
  quick: options.quick,
  rounds: Number(options.rounds ?? (options.quick ? 1 : 3)),
  program: options.dist ? await buildProgram(folder.path) : sourceProgram,
  ...(options.against !== undefined && { against: options.against }),
  folder: folder.path,
  memoryFolder: folder.memoryFolder,
  cacheFolder: join(folder.path, "cache"),
  progress: (line) => process.stderr.write(`${line}\n`),
};
for (const row of ROWS) {
  if (options.only ? !options.only.includes(row.name) : row.isByHand) continue;
  try {
    for (const finding of await row.run(context)) {
      if ("skipped" in finding) skipped.push(finding);
      else figures.push(finding);
    }
  } catch (error) {
    console.error(`FAILED ${row.name}:`, error);
    process.exitCode = 1;
  }
}
await folder.remove();

console.log(`\n${machineLine(machine)}\n\n${renderTable(figures)}`);
for (const { name, skipped: reason } of skipped) console.log(`SKIPPED ${name}: ${reason}`);
if (options.json !== undefined) writeFileSync(options.json, resultsJson(machine, figures, skipped));
if (options.check) {
  const found = outOfRange(figures);
  for (const line of found) console.log(`OUT OF RANGE ${line}`);
  if (found.length > 0) process.exitCode = 3;
}
