/**
 * A transfer that failed, in the words of a task's `failureInfo`. The codes are those of the class TaskFailureInformationCodes of
 * Azure's .NET client and of the page "Use managed identities in Azure Batch … troubleshoot"; the texts are ours.
 */
export type TransferCode =
  | "BlobAccessDenied"
  | "BlobDownloadMiscError"
  | "BlobDownloadTimedOut"
  | "BlobNotFound"
  | "DiskFull"
  | "FileUploadAccessDenied"
  | "FileUploadContainerNotFound"
  | "FileUploadMiscError"
  | "FileUploadTimedOut"
  | "ResourceContainerAccessDenied"
  | "ResourceContainerListMiscError"
  | "ResourceContainerNotFound"
  | "ResourceDirectoryCreateFailed"
  | "ResourceFileCreateFailed"
  | "ResourceFileWriteFailed";

export class TransferFault extends Error {
  readonly code: TransferCode;
  constructor(code: TransferCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What is transferred; each has codes of its own for the same replies. */
export type TransferKind = "blob" | "container" | "upload";

const CODES: Readonly<
  Record<TransferKind, readonly [TransferCode, TransferCode, TransferCode, TransferCode]>
> = {
  blob: ["BlobAccessDenied", "BlobNotFound", "BlobDownloadTimedOut", "BlobDownloadMiscError"],
  container: [
    "ResourceContainerAccessDenied",
    "ResourceContainerNotFound", // unsure: not on the pages, named after its neighbours
    "ResourceContainerListMiscError",
    "ResourceContainerListMiscError",
  ],
  upload: [
    "FileUploadAccessDenied",
    "FileUploadContainerNotFound",
    "FileUploadTimedOut",
    "FileUploadMiscError",
  ],
};

/** @param reply an HTTP status, or what else has become of the request */
export function transferCode(kind: TransferKind, reply: number | "timedOut" | "failed"): TransferCode {
  const [denied, notFound, timedOut, other] = CODES[kind];
  if (reply === 401 || reply === 403) return denied;
  if (reply === 404) return notFound;
  return reply === "timedOut" ? timedOut : other;
}

/** Whether the same request may do better a little later. */
export function mayRepeat(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}
