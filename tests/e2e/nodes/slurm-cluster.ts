/**
 * A Slurm cluster for a test: Debian's own controller and node daemons, on free ports of this machine, one daemon for each machine
 * of the cluster. Without root they are the test's user's, which Slurm allows for that user's own jobs.
 */
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePorts, until } from "../killable-service.ts";

const PROGRAMS = ["slurmctld", "slurmd", "sbatch", "squeue", "scancel", "sinfo"];
/** Where Debian has daemons, which is not on everybody's PATH. */
const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;

/** Why there can be no cluster here; undefined when there can. */
export const slurmObstacle = obstacle();
if (slurmObstacle !== undefined) console.warn(`skipped, no Slurm here: ${slurmObstacle}`);

export interface SlurmMachine {
  /** Where its daemon listens. Default: loopback. */
  readonly address?: string;
  /** Before the daemon's own words, e.g. to run it in another network. */
  readonly prefix?: readonly string[];
}

export interface QueuedJob {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly machine: string;
}

/** Of each machine: two nodes of Azure's smallest sizes. */
const CPUS = 4;
const MEMORY_MIB = 20_000;

export class SlurmCluster {
  readonly folder = mkdtempSync(join(tmpdir(), "batchyard-slurm-"));
  readonly #daemons: ChildProcess[] = [];

  /** All machines idle. @param controller address that the machines reach the controller at */
  static async start(machines: readonly SlurmMachine[], controller = "127.0.0.1"): Promise<SlurmCluster> {
    const cluster = new SlurmCluster();
    try {
      await cluster.#start(machines, controller);
      return cluster;
    } catch (error) {
      await cluster.dispose();
      throw error;
    }
  }

  /** For Slurm's programs, and for whoever calls them. */
  get environment(): Readonly<Record<string, string>> {
    return { SLURM_CONF: join(this.folder, "slurm.conf"), PATH };
  }

  async jobs(): Promise<QueuedJob[]> {
    const lines = (await this.#run("squeue", ["-h", "-o", "%A|%j|%T|%N"])).trim().split("\n");
    return lines
      .filter((line) => line !== "")
      .map((line) => {
        const [id = "", name = "", state = "", machine = ""] = line.split("|");
        return { id, name, state, machine };
      });
  }

  async cancel(id: string): Promise<void> {
    await this.#run("scancel", [id]);
  }

  /** Slurm's own words, on its failure as well: what the daemons wrote. */
  get log(): string {
    return ["controller.log", ...this.#machineNames.map((name) => `${name}.log`)]
      .map((name) => join(this.folder, name))
      .filter((file) => existsSync(file))
      .map((file) => readFileSync(file, "utf8").slice(-3_000))
      .join("\n");
  }

  async dispose(): Promise<void> {
    if (this.#daemons.length > 0) {
      const jobs = await this.jobs().catch(() => []);
      for (const { id } of jobs) await this.cancel(id);
      await until("the end of the cluster's jobs", async () => (await this.jobs()).length === 0).catch(
        () => {},
      );
    }
    for (const daemon of this.#daemons.reverse()) {
      if (daemon.exitCode !== null || daemon.signalCode !== null) continue;
      const gone = once(daemon, "exit");
      daemon.kill("SIGTERM");
      await gone;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  #machineNames: readonly string[] = [];

  async #start(machines: readonly SlurmMachine[], controller: string): Promise<void> {
    this.#machineNames = machines.map((_, index) => `m${index + 1}`);
    const port = await freePorts();
    const user = userInfo().username;
    const lines = [
      "ClusterName=test",
      `SlurmctldHost=${hostname()}(${controller})`,
      `SlurmctldPort=${port}`,
      `SlurmUser=${user}`,
      `SlurmdUser=${user}`,
      "AuthType=auth/none",
      "CredType=cred/none",
      `StateSaveLocation=${this.folder}/state`,
      `SlurmdSpoolDir=${this.folder}/spool-%n`,
      `SlurmctldPidFile=${this.folder}/controller.pid`,
      `SlurmdPidFile=${this.folder}/%n.pid`,
      `SlurmctldLogFile=${this.folder}/controller.log`,
      `SlurmdLogFile=${this.folder}/%n.log`,
      "ProctrackType=proctrack/linuxproc",
      "TaskPlugin=task/none",
      "ReturnToService=2",
      "SelectType=select/cons_tres",
      "SelectTypeParameters=CR_Core",
      "SchedulerParameters=batch_sched_delay=0,sched_interval=5",
      "JobAcctGatherType=jobacct_gather/none",
      "AccountingStorageType=accounting_storage/none",
      "SlurmdParameters=config_overrides",
      "KillWait=10",
      ...machines.map(
        ({ address = "127.0.0.1" }, index) =>
          `NodeName=${this.#machineNames[index]} NodeHostname=${hostname()} NodeAddr=${address} ` +
          `Port=${port + 1 + index} CPUs=${CPUS} RealMemory=${MEMORY_MIB}`,
      ),
      "PartitionName=batch Nodes=ALL Default=YES MaxTime=INFINITE State=UP",
    ];
    mkdirSync(join(this.folder, "state"));
    const file = join(this.folder, "slurm.conf");
    writeFileSync(file, `${lines.join("\n")}\n`);
    this.#daemons.push(this.#spawn(["slurmctld", "-D", "-f", file]));
    for (const [index, { prefix = [] }] of machines.entries()) {
      const name = this.#machineNames[index] ?? "";
      mkdirSync(join(this.folder, `spool-${name}`));
      this.#daemons.push(this.#spawn([...prefix, "slurmd", "-D", "-N", name, "-f", file]));
    }
    await until("idle machines", async () => {
      const died = this.#daemons.find(({ exitCode }) => exitCode !== null);
      if (died) throw new Error(`${died.spawnfile} ended:\n${this.log}`);
      const states = await this.#run("sinfo", ["-h", "-N", "-o", "%T"]).catch(() => "");
      return (
        states
          .trim()
          .split("\n")
          .every((state) => state === "idle") && states !== ""
      );
    });
  }

  #spawn([program = "", ...words]: readonly string[]): ChildProcess {
    return spawn(program, words, { stdio: "ignore", env: { ...process.env, ...this.environment } });
  }

  async #run(program: string, words: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(program, words, {
      env: { ...process.env, ...this.environment },
    });
    return stdout;
  }
}

function obstacle(): string | undefined {
  for (const program of PROGRAMS) {
    try {
      execFileSync("which", [program], { env: { ...process.env, PATH }, stdio: "ignore" });
    } catch {
      return `${program} is not installed`;
    }
  }
  return undefined;
}
