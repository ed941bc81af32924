/** A reply that is no success, with what the server says about it. */
import type { IncomingMessage } from "node:http";
import { storageError } from "../../core/transfer/storage-error.ts";

export class RefusedReply extends Error {
  readonly status: number;
  constructor(status: number, said?: string) {
    super(`The server answered ${status}${said === undefined ? "." : ` ${said}`}`);
    this.status = status;
  }
}

/** An error of the storage service is shorter. */
const SAID_MAX_BYTES = 4096;

/** @throws RefusedReply, with the body read no further than it may be of use, and thrown away */
export async function checkStatus(reply: IncomingMessage, ...expected: number[]): Promise<void> {
  const status = reply.statusCode ?? 0;
  if (expected.includes(status)) return;
  const isXml = reply.headers["content-type"]?.startsWith("application/xml") === true;
  const said = isXml ? storageError(await beginning(reply)) : undefined;
  reply.destroy();
  throw new RefusedReply(status, said);
}

async function beginning(reply: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of reply as AsyncIterable<Buffer>) {
    pieces.push(piece);
    length += piece.length;
    if (length > SAID_MAX_BYTES) break;
  }
  return Buffer.concat(pieces).toString("utf8", 0, SAID_MAX_BYTES);
}
