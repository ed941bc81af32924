/** Tries a request again where that may help, and turns what is left into a fault of the task's. */
import { setTimeout as delay } from "node:timers/promises";
import {
  mayRepeat,
  TransferFault,
  type TransferKind,
  transferCode,
} from "../../core/transfer/transfer-fault.ts";
import { ForbiddenAddress, IdleConnection, type TransferNetwork } from "./outbound-request.ts";
import { RefusedReply } from "./refused-reply.ts";
import { RefusedToken } from "./storage-request.ts";

/** Between one try and the next, in milliseconds. */
const PAUSES = [200, 800, 2_500];

/**
 * While the service is away nothing is lost by trying: it could not be told either, and may be what the request was for. So a try
 * that fails meanwhile does not count, and the next one waits for it.
 * @param what the URL without its query, or a name: it is told to the task's owner
 * @param attempt may find its own earlier progress
 * @throws TransferFault when no try has succeeded; the signal's reason when it was aborted
 */
export async function repeated<Result>(
  kind: TransferKind,
  what: string,
  { service }: TransferNetwork,
  signal: AbortSignal,
  attempt: () => Promise<Result>,
): Promise<Result> {
  for (let tries = 0; ; ) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof TransferFault) throw error;
      const pause = PAUSES[tries];
      if (pause === undefined || !isPassing(error)) throw faultOf(kind, what, error);
      if (service.isThere) tries++;
      await delay(pause, undefined, { signal });
      await service.there(signal);
    }
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof RefusedReply || error instanceof RefusedToken) return mayRepeat(error.status);
  return !(error instanceof ForbiddenAddress);
}

function faultOf(kind: TransferKind, what: string, error: unknown): TransferFault {
  const message = `${what}: ${error instanceof Error ? error.message : String(error)}`;
  if (error instanceof RefusedReply) return new TransferFault(transferCode(kind, error.status), message);
  return new TransferFault(
    transferCode(kind, error instanceof IdleConnection ? "timedOut" : "failed"),
    message,
    { cause: error },
  );
}
