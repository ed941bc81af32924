/** A folder's entries one after the other, however many there are: a task may have made millions. */
import type { Dirent } from "node:fs";
import { type FileHandle, opendir } from "node:fs/promises";
import { throughHandle } from "./node-path.ts";
import { withDescriptors } from "./patient-open.ts";

/** Entries that are read at a time. */
const READ_AT_A_TIME = 256;

/** Names are bytes: not every one is UTF-8. What is made or removed meanwhile may be missed. */
export async function* folderEntries(folder: FileHandle): AsyncGenerator<Dirent<Buffer>> {
  const options = { encoding: "buffer" as BufferEncoding, bufferSize: READ_AT_A_TIME };
  const entries = await withDescriptors(() => opendir(throughHandle(folder), options));
  // The types know of no names in bytes here, the function does.
  yield* entries as unknown as AsyncIterable<Dirent<Buffer>>;
}
