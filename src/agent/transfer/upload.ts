/** Uploads an open file as a block blob, a block of it in memory at a time. Source: Azure Storage REST, "Put Blob", "Put Block", "Put Block List". */
import type { FileHandle } from "node:fs/promises";
import { withoutQuery } from "./download.ts";
import type { TransferNetwork } from "./outbound-request.ts";
import { checkStatus } from "./refused-reply.ts";
import { repeated } from "./repeat.ts";
import { STORAGE_VERSION, storageRequest } from "./storage-request.ts";

export interface Upload {
  readonly url: URL;
  /** The blob's properties, by the header names of "Put Blob". */
  readonly headers: Readonly<Record<string, string>>;
  readonly identity?: string | undefined;
}

const BLOCK_BYTES = 8 * 1024 * 1024;

/** @throws TransferFault */
export async function upload(
  { url, headers, identity }: Upload,
  file: FileHandle,
  network: TransferNetwork,
  signal: AbortSignal,
): Promise<void> {
  const { size } = await file.stat();
  const put = (target: URL, more: Record<string, string>, body: Buffer) =>
    repeated("upload", withoutQuery(url), network, signal, async () => {
      const sent: Record<string, string> = { "x-ms-version": STORAGE_VERSION, ...more };
      const request = { method: "PUT", url: target, headers: sent, body, identity, signal } as const;
      const reply = await storageRequest(request, network);
      await checkStatus(reply, 201);
      reply.resume();
    });

  const buffer = Buffer.allocUnsafe(Math.min(size, BLOCK_BYTES));
  if (size <= BLOCK_BYTES) {
    const body = await fill(file, buffer, 0);
    await put(url, { ...headers, "x-ms-blob-type": "BlockBlob" }, body);
    return;
  }
  const ids: string[] = [];
  for (let position = 0; position < size; ) {
    const body = await fill(file, buffer.subarray(0, Math.min(BLOCK_BYTES, size - position)), position);
    if (body.length === 0) break; // it has been cut meanwhile
    const id = Buffer.from(String(ids.length).padStart(8, "0")).toString("base64");
    const target = new URL(url);
    target.searchParams.set("comp", "block");
    target.searchParams.set("blockid", id);
    await put(target, {}, body);
    ids.push(id);
    position += body.length;
  }
  const target = new URL(url);
  target.searchParams.set("comp", "blocklist");
  const list = ids.map((id) => `<Latest>${id}</Latest>`).join("");
  const xml = `<?xml version="1.0" encoding="utf-8"?><BlockList>${list}</BlockList>`;
  await put(target, { ...headers, "content-type": "application/xml" }, Buffer.from(xml));
}

/** As much of the file as there is from the position on. */
async function fill(file: FileHandle, buffer: Buffer, position: number): Promise<Buffer> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
