/** What went wrong with a task, in words: what its failure's code means, and what to look at. Pure. */
import type { models } from "../../api/batch.ts";

/** Signals by number, of those that end programs. Source: signal(7). */
const SIGNALS: Readonly<Record<number, string>> = {
  1: "SIGHUP",
  2: "SIGINT",
  4: "SIGILL, an instruction that the processor does not have",
  6: "SIGABRT, by itself",
  7: "SIGBUS",
  8: "SIGFPE, a fault in arithmetic",
  9: "SIGKILL: ended from outside, or out of memory",
  11: "SIGSEGV, a fault in its memory",
  15: "SIGTERM",
};
/** A shell tells a program that a signal ended by this and the signal's number. */
const SIGNALLED = 128;

const WORDS: Readonly<Record<string, string>> = {
  CommandProgramNotFound: "The program that its command line names is not on the node.",
  CommandLaunchFailed: "Its command line could not be started.",
  TaskEnded: "A user, or its job's end, ended it.",
  BlobAccessDenied:
    "One of its resource files may not be read with what it was given: look at the URL's signature.",
  BlobDownloadMiscError: "One of its resource files could not be fetched.",
  BlobNotFound: "One of its resource files is not there.",
  FileUploadContainerNotFound: "The container for its output files is not there.",
  FileUploadMiscError:
    "Its output files could not be uploaded: fileuploaderr.txt beside its other files says more.",
  FileUploadAccessDenied: "Its output files may not be written where they should go.",
  MaxWallClockTimeExceeded: "It ran for longer than its constraints allow.",
  NodeUnusable: "Its node was lost.",
};

export function failureWords(
  failure: Pick<models.TaskFailureInformation, "code" | "category">,
  exitCode: number | undefined,
): string | undefined {
  if (failure.code !== "FailureExitCode") return WORDS[failure.code ?? ""];
  if (exitCode === 126) return "Its program could not be executed: it may lack the right to be.";
  if (exitCode === 127) return "The shell did not find a command of its command line.";
  const signal = exitCode === undefined ? undefined : SIGNALS[exitCode - SIGNALLED];
  if (signal !== undefined) return `It was ended by ${signal}.`;
  return `It ended by itself with exit code ${exitCode}, and only 0 is success: its output says more.`;
}
