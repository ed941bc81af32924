/** No process that the bench has started outlives it, however it ends. */
import type { ChildProcess } from "node:child_process";

export function endsWithBench<Child extends ChildProcess>(child: Child): Child {
  const end = () => void child.kill();
  process.once("exit", end);
  child.once("exit", () => process.removeListener("exit", end));
  return child;
}

/** An interrupt becomes an exit, at which the children are told to end. */
export function exitOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));
}
