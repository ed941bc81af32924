/**
 * node tools/sample-programs/run.ts DIR [PROGRAM...]: runs other people's programs that `bring` put into DIR, unmodified but for account
 * values, each against a service of its own. Exit code 1 where one does not end as it should.
 *
 * A program has a folder here with a script `run`, which is told by the environment where the program lies (PROGRAM), where it may write
 * (WORK) and whose service it is (BATCHYARD, DATA), and ends with 0 only when it has seen the program's results.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

interface SampleProgram {
  readonly id: string;
  readonly name: string;
  /** Made beforehand. */
  readonly blobContainers: readonly string[];
  /** The name of the program's `image.tar`, for a program that has one. */
  readonly image?: string;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const BATCHYARD = here("../../bin/batchyard.js");
/** Of one program; those that install packages take minutes. */
const LIMIT_MS = 900_000;

const [folder, ...wanted] = process.argv.slice(2);
if (folder === undefined) {
  console.error("usage: node tools/sample-programs/run.ts DIR [PROGRAM...]");
  process.exit(2);
}
const programs: readonly SampleProgram[] = JSON.parse(readFileSync(here("programs.json"), "utf8"));
for (const program of programs) {
  if (wanted.length > 0 && !wanted.includes(program.id)) continue;
  if (!existsSync(join(folder, program.id, "brought"))) {
    console.log(`${program.id}: not in ${folder} (tools/sample-programs/bring)`);
    continue;
  }
  const started = performance.now();
  const hasPassed = await runProgram(program, join(resolve(folder), program.id));
  const seconds = Math.round((performance.now() - started) / 1_000);
  console.log(`${program.id}: ${hasPassed ? "passed" : "FAILED"} in ${seconds} s (${program.name})`);
  if (!hasPassed) process.exitCode = 1;
}

/** @param brought the program's folder */
async function runProgram(program: SampleProgram, brought: string): Promise<boolean> {
  const work = mkdtempSync(join(tmpdir(), "batchyard-program-"));
  const data = join(work, "data");
  const own = [
    "--json",
    "--data",
    data,
    "--port",
    "0",
    "--isolation",
    "namespace",
    "--seed",
    here("seed.json"),
  ];
  // Programs that the nodes of another machine have, and which tasks find where the service does.
  const machine = here(`${program.id}/machine`);
  const shown = existsSync(machine) ? ["--node-path", machine] : [];
  const service = spawn(process.execPath, [BATCHYARD, "up", ...own, ...shown], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, PATH: `${machine}:${process.env.PATH}` },
  });
  const ended = once(service, "exit");
  try {
    await Promise.race([once(service.stdout, "data"), ended]);
    return service.exitCode === null && runAgainst(data, work, program, brought);
  } finally {
    service.kill("SIGTERM");
    await ended;
    rmSync(work, { recursive: true, force: true });
  }
}

function runAgainst(
  data: string,
  work: string,
  { id, image, blobContainers }: SampleProgram,
  brought: string,
): boolean {
  const environment = { PROGRAM: brought, WORK: work, BATCHYARD, DATA: data };
  const run = (...words: readonly string[]): boolean =>
    spawnSync(process.execPath, [BATCHYARD, ...words], {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...environment },
      cwd: work,
      timeout: LIMIT_MS,
    }).status === 0;
  if (
    image !== undefined &&
    !run("image", "load", join(brought, "image.tar"), "--name", image, "--data", data)
  )
    return false;
  const values = `eval "$(node '${here("account-values.mjs")}' ${blobContainers.join(" ")})"`;
  return run("run", "--data", data, "--", "bash", "-c", `${values} && exec '${here(`${id}/run`)}'`);
}
