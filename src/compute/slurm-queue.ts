/**
 * Slurm's queue as its own programs show it: what is submitted, what is there, what is taken back. It knows jobs by their names only.
 * Source: the manual pages sbatch(1), squeue(1) and scancel(1).
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** `ending`: its processes are being killed, and its machine may not be had yet. */
export type SlurmJobState = "pending" | "running" | "ending";

export interface SlurmJob {
  readonly id: string;
  readonly name: string;
  readonly state: SlurmJobState;
  /** Why it waits, in Slurm's own word. */
  readonly reason: string;
}

export interface SlurmSubmission {
  readonly name: string;
  /** Shell; its environment is `environment` and what Slurm adds. */
  readonly script: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly outputFile: string;
  readonly cpus: number;
  readonly memoryMib: number;
  /** Further options of sbatch, which win. */
  readonly options: readonly string[];
}

const COLUMNS = "%A|%T|%r|%j";
/** A controller that is restarted answers after some seconds; the programs wait for it by themselves. */
const TIMEOUT_MS = 30_000;
/** The longest output of `squeue` that is read: some hundred thousand jobs. */
const OUTPUT_MAX_BYTES = 32 * 1024 * 1024;
/** Where Slurm's configuration lies, and defaults of jobs that a site or a user has set. */
const SLURM_VARIABLE = /^(SLURM_CONF(_SERVER)?$|SBATCH_)/;

/** All jobs of this user. @throws Error with what squeue said */
export async function slurmJobs(): Promise<SlurmJob[]> {
  return parseJobs(await run("squeue", ["--noheader", "--me", `--format=${COLUMNS}`], {}));
}

/** @returns the job's id. @throws Error with what sbatch said */
export async function slurmSubmit(submission: SlurmSubmission): Promise<string> {
  const { name, script, environment, outputFile, cpus, memoryMib, options } = submission;
  const words = [
    "--parsable",
    `--job-name=${name}`,
    "--nodes=1",
    "--ntasks=1",
    `--cpus-per-task=${cpus}`,
    `--mem=${memoryMib}`,
    "--no-requeue",
    "--chdir=/",
    `--output=${outputFile}`,
    ...options,
  ];
  const said = await run("sbatch", words, { environment, input: script });
  // With several clusters the cluster's name follows.
  const [id = ""] = said.trim().split(";");
  if (!/^\d+$/.test(id)) throw new Error(`sbatch said '${said.trim()}'`);
  return id;
}

/** Jobs that have ended meanwhile are no error. @throws Error with what scancel said */
export async function slurmCancel(ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await run("scancel", ["--quiet", ...ids], {});
}

/** @param text of squeue in our own format. Source: squeue(1), "Job state codes" */
export function parseJobs(text: string): SlurmJob[] {
  return text.split("\n").flatMap((line) => {
    const [id, state, reason, ...name] = line.trim().split("|");
    // An id becomes a word of scancel's: nothing else may.
    if (id === undefined || !/^\d{1,20}$/.test(id) || state === undefined || reason === undefined) return [];
    return [{ id, name: name.join("|"), reason, state: stateOf(state) }];
  });
}

function stateOf(state: string): SlurmJobState {
  switch (state) {
    case "PENDING":
    case "REQUEUED":
    case "REQUEUE_HOLD":
    case "SPECIAL_EXIT":
    case "CONFIGURING":
      return "pending";
    case "COMPLETING":
    case "COMPLETED":
    case "CANCELLED":
    case "FAILED":
    case "TIMEOUT":
    case "DEADLINE":
    case "PREEMPTED":
    case "OUT_OF_MEMORY":
    case "NODE_FAIL":
    case "BOOT_FAIL":
    case "REVOKED":
    case "STAGE_OUT":
      return "ending";
    // Suspended, resizing, being signalled, or what a later Slurm may know: it has its machine until it is gone.
    default:
      return "running";
  }
}

async function run(
  program: string,
  words: readonly string[],
  { environment, input }: { readonly environment?: NodeJS.ProcessEnv; readonly input?: string },
): Promise<string> {
  const slurm = Object.entries(process.env).filter(([name]) => SLURM_VARIABLE.test(name));
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    ...environment,
    ...Object.fromEntries(slurm),
  };
  const running = promisify(execFile)(program, words, {
    env,
    timeout: TIMEOUT_MS,
    killSignal: "SIGKILL",
    maxBuffer: OUTPUT_MAX_BYTES,
  });
  running.child.stdin?.on("error", () => {}); // it ended without reading: its exit code tells more
  running.child.stdin?.end(input);
  try {
    return (await running).stdout;
  } catch (error) {
    throw new Error(reasonOf(program, error as NodeJS.ErrnoException & { readonly stderr?: string }));
  }
}

function reasonOf(
  program: string,
  { code, stderr, message }: Error & { code?: unknown; stderr?: string },
): string {
  if (code === "ENOENT") return `${program} is not installed`;
  const said = stderr?.trim().split("\n").at(-1);
  return `${program}: ${said || message}`;
}
