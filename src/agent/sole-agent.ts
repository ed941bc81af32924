/**
 * Sees to it that one configuration has one agent. A service that is killed just after it started an agent leaves one that
 * nobody has written down, and the next service starts another: the younger of two gives way.
 */
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";

/** Exit code of an agent that gave way to an older one (`EX_TEMPFAIL` of sysexits.h). */
export const EXIT_GAVE_WAY = 75;

/** Clock ticks since boot, field 22 of proc_pid_stat(5): with it a pid names one process for ever. */
function startTimeOf(pid: number | "self"): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
}

/**
 * The process id of an older agent of this user that was started with the same configuration. The program's name is
 * compared too, for the words also stand in the command line of whatever started the agent (`srun`, `timeout`). Its file would say
 * more, but is not to be seen in another agent's user namespace.
 */
export function olderAgent(configurationFile: string): number | undefined {
  const own = startTimeOf("self");
  const program = Buffer.from(`${process.argv0}\0`);
  const words = Buffer.from(`\0--configuration\0${configurationFile}\0`);
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      if (statSync(`/proc/${pid}`).uid !== process.geteuid?.()) continue;
      const commandLine = readFileSync(`/proc/${pid}/cmdline`);
      if (!commandLine.subarray(0, program.length).equals(program) || !commandLine.includes(words)) continue;
      const other = startTimeOf(pid);
      if (other < own || (other === own && pid < process.pid)) return pid;
    } catch {
      // It ended while it was looked at.
    }
  }
  return undefined;
}

/** Writes down which process is the agent, for a service to find it again: `{"pid":…,"startTime":…}`. */
export function recordAgent(stateFile: string): void {
  const unfinished = `${stateFile}.${process.pid}`;
  writeFileSync(unfinished, JSON.stringify({ pid: process.pid, startTime: startTimeOf("self") }), {
    mode: 0o600,
  });
  renameSync(unfinished, stateFile);
}
