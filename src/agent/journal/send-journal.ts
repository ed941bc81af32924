/** Sends files of a node's journal to a container of blobs, from the node's own network, as a task's output files go. */
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { NodeLogsAsk } from "../../wire/agent/messages.ts";
import { blobUrl } from "../transfer/blob-url.ts";
import type { TransferNetwork } from "../transfer/outbound-request.ts";
import { upload } from "../transfer/upload.ts";
import type { NodeJournal } from "./node-journal.ts";

/** The service waits for as long; what goes on after that would be at the mercy of whoever the container's address names. Milliseconds. */
const SENDING_MAX_MS = 120_000;

/**
 * @returns how many were sent; where nobody is at the container's address, how many there are to send, as the service answers, which knows no
 *   more when it does
 * @throws TransferFault; the signal's reason; TimeoutError
 */
export async function sendJournal(
  journal: NodeJournal,
  { url, folder, from, until, identity }: NodeLogsAsk,
  network: TransferNetwork,
  closes: AbortSignal,
  longestMs = SENDING_MAX_MS,
): Promise<number> {
  const signal = AbortSignal.any([closes, AbortSignal.timeout(longestMs)]);
  const last = until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until);
  const container = new URL(url);
  let sent = 0;
  const names = await journal.within(Date.parse(from), last);
  for (const name of names) {
    // The ring goes on meanwhile.
    const file = await open(join(journal.folder, name)).catch(() => undefined);
    if (!file) continue;
    try {
      const blob = { url: blobUrl(container, `${folder}/${name}`), headers: HEADERS, identity };
      await upload(blob, file, network, signal);
      sent += 1;
    } catch (error) {
      if (!isNobodyThere(error as Error)) throw error;
      journal.note(`files could not be sent: ${(error as Error).message}`);
      return names.length;
    } finally {
      await file.close();
    }
  }
  return sent;
}

const NOBODY_THERE = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
]);

function isNobodyThere({ cause }: { cause?: unknown }): boolean {
  return NOBODY_THERE.has(String((cause as NodeJS.ErrnoException | undefined)?.code));
}

const HEADERS = { "x-ms-blob-content-type": "text/plain; charset=utf-8" };
