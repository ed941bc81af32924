/** Describes the machine, as far as it explains figures. Names neither it nor its user. */
import { execFileSync } from "node:child_process";
import { cpus, loadavg, release, totalmem } from "node:os";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly node: string;
  /** Of the bench's folder, as `df` names it. */
  readonly fileSystem: string;
  /** Over the last minute, before the first row. */
  readonly load: number;
}

export function describeMachine(folder: string): Machine {
  const [first] = cpus();
  return {
    cpu: first?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: `Linux ${release().replace(/^(\d+\.\d+).*$/, "$1")}`,
    node: process.version,
    fileSystem:
      execFileSync("df", ["--output=fstype", folder], { encoding: "utf8" }).trim().split("\n").at(-1) ?? "",
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

export function machineLine({ cpu, cores, memoryGb, kernel, node, fileSystem, load }: Machine): string {
  return `${cores} x ${cpu}, ${memoryGb} GB, ${kernel}, Node ${node}\ndisk: ${fileSystem}; load before the run: ${load}`;
}
