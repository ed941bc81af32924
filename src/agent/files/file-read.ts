/**
 * Streams a file's bytes as fast as its reader grants credit. The length is the one the file had when it was opened: a
 * task may still be writing it.
 */
import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import type { FileProperties } from "../../wire/agent/messages.ts";
import { FileFault } from "./file-fault.ts";
import { fileProperties, openBelow, throughHandle } from "./node-path.ts";
import { patientOpen } from "./patient-open.ts";

/** Of one frame: long enough that its header costs nothing, short enough that an order waits behind few of them. */
const CHUNK_BYTES = 256 * 1024;

/** How many more bytes the reader takes. */
export class Credit {
  #bytes = 0;
  #cancelled = false;
  #wake: (() => void) | undefined;

  grant(bytes: number): void {
    this.#bytes += bytes;
    this.#wake?.();
  }

  cancel(): void {
    this.#cancelled = true;
    this.#wake?.();
  }

  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** Waits for credit and uses up to `bytes` of it; 0 when the reader has gone. */
  async take(bytes: number): Promise<number> {
    while (this.#bytes <= 0 && !this.#cancelled)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    if (this.#cancelled) return 0;
    const taken = Math.min(bytes, this.#bytes);
    this.#bytes -= taken;
    return taken;
  }
}

export interface ReadRequest {
  readonly root: string;
  readonly path: string;
  /** First byte, from 0. */
  readonly start?: number;
  /** Last byte; beyond the end it means the end. */
  readonly end?: number;
  readonly credit: Credit;
  readonly onProperties: (properties: FileProperties) => void;
  /** The bytes are only good until it resolves. */
  readonly onChunk: (bytes: Buffer) => Promise<void>;
}

/**
 * Resolves when all has been passed on, or when the reader has gone.
 * @throws FileFault `InvalidRange`; `OperationInvalidForCurrentState` for anything but a regular file
 */
export async function readFile(request: ReadRequest): Promise<void> {
  const file = await openRegularFile(request.root, request.path);
  try {
    const stats = await file.stat();
    const { start = 0, end = stats.size - 1 } = request;
    if (request.start !== undefined && (start >= stats.size || end < start))
      throw new FileFault("InvalidRange", "The range specified is invalid for the current size of the file.");
    request.onProperties(fileProperties(request.path, stats));

    let left = Math.min(end, stats.size - 1) - start + 1;
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(CHUNK_BYTES, left)));
    for (let at = start; left > 0; ) {
      const taken = await request.credit.take(Math.min(left, CHUNK_BYTES));
      if (taken === 0) return;
      const { bytesRead } = await file.read(buffer, 0, taken, at);
      if (bytesRead === 0) throw new FileFault("InternalError", "The file became shorter while it was read.");
      if (bytesRead < taken) request.credit.grant(taken - bytesRead);
      if (request.credit.cancelled) return;
      await request.onChunk(buffer.subarray(0, bytesRead));
      at += bytesRead;
      left -= bytesRead;
    }
  } finally {
    await file.close();
  }
}

async function openRegularFile(root: string, path: string): Promise<FileHandle> {
  const named = await openBelow(root, path);
  try {
    if (!(await named.stat()).isFile())
      throw new FileFault("OperationInvalidForCurrentState", "Only a file has content, not a folder.");
    return await patientOpen(throughHandle(named), constants.O_RDONLY);
  } finally {
    await named.close();
  }
}
