/** Why a file cannot be had, in the words of the link. */
import type { FileErrorCode } from "../../wire/agent/messages.ts";

export class FileFault extends Error {
  readonly code: FileErrorCode;
  constructor(code: FileErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** What a failed system call means to the one who asked for a file. */
export function fileFault(error: unknown): FileFault {
  if (error instanceof FileFault) return error;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
    case "ELOOP":
    case "ENAMETOOLONG":
    case "EACCES":
      return new FileFault("FileNotFound", "The specified file does not exist.");
    case "ENOTEMPTY":
    case "EBUSY":
    case "EPERM":
      return new FileFault("OperationInvalidForCurrentState", "The folder is not empty, or is in use.");
    default:
      return new FileFault("InternalError", error instanceof Error ? error.message : String(error));
  }
}
