/** A Slurm cluster that is at hand, as a peer: its own way to run many short commands, one job each. */
import { spawnSync } from "node:child_process";
import { isInstalled, secondsOf } from "./command.ts";
import type { Peer } from "./peer.ts";

export const slurmArray: Peer = {
  name: "Slurm array",
  async missing() {
    if (!isInstalled("squeue")) return "Slurm is not installed";
    const { status, stderr } = spawnSync("squeue", ["--me"], { encoding: "utf8" });
    return status === 0 ? undefined : `no cluster answers (${stderr.trim().split("\n").at(-1)})`;
  },
  rate: async (count) =>
    count / (await secondsOf(`sbatch --wait --quiet --array=1-${count} --output=/dev/null --wrap=/bin/true`)),
};
