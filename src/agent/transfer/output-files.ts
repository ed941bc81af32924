/** Uploads what a run has left behind, once its command has ended. Source: Azure Batch REST, "OutputFile". */
import { type FilePattern, filePattern, type PatternRoots } from "../../core/transfer/file-pattern.ts";
import { TransferFault } from "../../core/transfer/transfer-fault.ts";
import type { OutputFileSpec } from "../../wire/agent/messages.ts";
import { blobUrl } from "./blob-url.ts";
import { findFiles, openFile } from "./find-files.ts";
import type { TransferNetwork } from "./outbound-request.ts";
import { upload } from "./upload.ts";
import type { UploadReport } from "./upload-report.ts";

export interface OutputFilesOptions extends PatternRoots {
  readonly network: TransferNetwork;
  readonly signal: AbortSignal;
  readonly report: UploadReport;
}

/** Each is tried, whatever has become of the others. @throws TransferFault of the first that failed */
export async function sendOutputFiles(
  files: readonly OutputFileSpec[],
  exitCode: number,
  options: OutputFilesOptions,
): Promise<void> {
  const faults: unknown[] = [];
  for (const file of files) {
    const isWanted = file.condition === "completion" || (file.condition === "success") === (exitCode === 0);
    if (!isWanted) continue;
    options.signal.throwIfAborted();
    await sendMatching(file, options).catch(async (error: unknown) => {
      faults.push(error);
      await options.report.failed(file.pattern, (error as Error).message);
    });
  }
  if (faults.length > 0) throw asFault(faults[0]);
}

async function sendMatching(file: OutputFileSpec, options: OutputFilesOptions): Promise<void> {
  const pattern = filePattern(file.pattern, options);
  if (!pattern)
    throw new TransferFault("FileUploadMiscError", `${file.pattern} leads out of the node's folder`);
  const container = new URL(file.url);
  for await (const names of findFiles(options.root, pattern)) {
    options.signal.throwIfAborted();
    const handle = await openFile(options.root, [...pattern.base, ...names]);
    try {
      const url = blobUrl(container, blobName(file.path ?? "", pattern, names));
      const blob = { url, headers: blobHeaders(file.headers), identity: file.identity };
      await upload(blob, handle, options.network, options.signal);
      await options.report.sent(names.join("/"), `${url.origin}${url.pathname}`);
    } finally {
      await handle.close();
    }
  }
}

function blobName(path: string, { isOne }: FilePattern, names: readonly string[]): string {
  const own = names.join("/");
  if (path === "") return own;
  if (isOne) return path;
  let end = path.length;
  while (path[end - 1] === "/") end -= 1;
  return `${path.slice(0, end)}/${own}`;
}

/** The request's own content is a blob only when it is sent in one piece: the blob's properties have names of their own. */
function blobHeaders(headers: OutputFileSpec["headers"]): Record<string, string> {
  return Object.fromEntries(
    headers.map(([name, value]) => {
      const lower = name.toLowerCase();
      return [/^(content-|cache-)/.test(lower) ? `x-ms-blob-${lower}` : lower, value];
    }),
  );
}

function asFault(error: unknown): unknown {
  if (error instanceof TransferFault || (error as Error).name === "AbortError") return error;
  return new TransferFault("FileUploadMiscError", (error as Error).message);
}
