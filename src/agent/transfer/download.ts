/** Downloads one URL into an open file, piece by piece, and goes on where an interrupted reply has stopped. */
import type { FileHandle } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { writeFault } from "./node-folders.ts";
import type { TransferNetwork } from "./outbound-request.ts";
import { checkStatus } from "./refused-reply.ts";
import { repeated } from "./repeat.ts";
import { storageRequest } from "./storage-request.ts";

export interface Download {
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly identity?: string | undefined;
  /** What the file is called in messages. */
  readonly name: string;
}

/** @throws TransferFault */
export async function download(
  { url, headers = {}, identity, name }: Download,
  file: FileHandle,
  network: TransferNetwork,
  signal: AbortSignal,
): Promise<void> {
  let position = 0;
  let entityTag: string | undefined;

  await repeated("blob", withoutQuery(url), network, signal, async () => {
    // Only a strong tag vouches for the bytes. RFC 9110, 13.1.1
    const isResumed = position > 0 && entityTag !== undefined && !entityTag.startsWith("W/");
    const resume = isResumed ? { range: `bytes=${position}-`, "if-match": entityTag ?? "" } : {};
    const request = { method: "GET", url, headers: { ...headers, ...resume }, identity, signal } as const;
    const reply = await storageRequest(request, network);
    const goesOn = isResumed && reply.statusCode === 206 && startsAt(reply, position);
    if (!goesOn) {
      position = 0;
      const isChanged = isResumed && [200, 206, 412, 416].includes(reply.statusCode ?? 0);
      entityTag = undefined;
      await file.truncate(0);
      if (isChanged && reply.statusCode !== 200) {
        reply.destroy();
        throw new Error("The file has changed meanwhile.");
      }
      await checkStatus(reply, 200);
      entityTag = reply.headers.etag;
    }
    const declared = reply.headers["content-length"];
    const end = declared === undefined ? undefined : position + Number(declared);
    for await (const piece of reply as AsyncIterable<Buffer>) {
      await writeAll(file, piece, position).catch((error: unknown) => {
        throw writeFault(name, error);
      });
      position += piece.length;
    }
    if (end !== undefined && position !== end) throw new Error("The reply is shorter than it says.");
  });
}

async function writeAll(file: FileHandle, piece: Buffer, position: number): Promise<void> {
  for (let written = 0; written < piece.length; ) {
    const rest = await file.write(piece, written, piece.length - written, position + written);
    written += rest.bytesWritten;
  }
}

function startsAt(reply: IncomingMessage, position: number): boolean {
  return reply.headers["content-range"]?.startsWith(`bytes ${position}-`) === true;
}

/** A query may hold a signature. */
export function withoutQuery(url: URL): string {
  return `${url.origin}${url.pathname}`;
}
