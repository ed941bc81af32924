/** A program that this process stands in for: same streams, same signals, same way to end. */
import { type StdioOptions, spawn } from "node:child_process";
import { constants } from "node:os";
import { CommandError, exitCode } from "../command/exit-code.ts";
import type { StopSignals } from "../service/stop-signal.ts";

export interface ChildProgram {
  readonly words: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly stdio?: StdioOptions;
}

/** How it ended: one of the two is null. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Runs the program to its end and passes signals on to it.
 * @throws CommandError (127, 126) when it cannot be started.
 */
export async function runChild(child: ChildProgram, signals: StopSignals): Promise<ChildEnd> {
  const [program = "", ...parameters] = child.words;
  const running = spawn(program, parameters, { stdio: child.stdio ?? "inherit", env: child.environment });
  const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  signals.listen((signal) => {
    // A terminal's Ctrl-C has reached the child already, and twice is once too often for a program that cleans up.
    if (!(onTerminal && signal === "SIGINT")) running.kill(signal);
  });
  return new Promise((resolve, reject) => {
    running.on("exit", (code, signal) => resolve({ code, signal }));
    running.on("error", (error: NodeJS.ErrnoException) => {
      const missing = error.code === "ENOENT";
      reject(
        new CommandError(
          missing ? `there is no program '${program}'` : `cannot run '${program}': ${error.message}`,
          missing ? exitCode.notFound : exitCode.cannotExecute,
        ),
      );
    });
  });
}

/** Ends this process as the child ended: by the same signal, or with the exit code returned here. */
export function endLikeChild({ code, signal }: ChildEnd): number {
  if (signal === null) return code ?? exitCode.failed;
  process.kill(process.pid, signal);
  // Still here: Node ignores that signal. Then as a shell tells it.
  return 128 + constants.signals[signal];
}
