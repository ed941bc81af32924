/** What an exit code of `batchyard` means, and the error that carries one up to `main.ts`. */

export const exitCode = {
  ok: 0,
  /** It did not work; one line on stderr says why. */
  failed: 1,
  /** The command line is wrong; nothing was done. */
  usage: 2,
  /** The command needs a running service and found none on the data folder. */
  notRunning: 3,
  /** `run` only, as in a shell: the program exists and cannot be executed. */
  cannotExecute: 126,
  /** `run` only, as in a shell: there is no such program. */
  notFound: 127,
} as const;

/** A failure whose message is the one line to print. */
export class CommandError extends Error {
  readonly exitCode: number;

  constructor(message: string, code: number = exitCode.failed) {
    super(message);
    this.exitCode = code;
  }
}
