/** Tries a request again where that may help, and turns what is left into a fault of the task's. */
import type { IncomingMessage } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import {
  mayRepeat,
  TransferFault,
  type TransferKind,
  transferCode,
} from "../../core/transfer/transfer-fault.ts";
import { ForbiddenAddress, IdleConnection } from "./outbound-request.ts";

/** Between one try and the next, in milliseconds. */
const PAUSES = [200, 800, 2_500];

/** A reply that is no success. */
export class RefusedReply extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`The server answered ${status}.`);
    this.status = status;
  }
}

/**
 * @param what the URL without its query, or a name: it is told to the task's owner
 * @param attempt may find its own earlier progress
 * @throws TransferFault when no try has succeeded; the signal's reason when it was aborted
 */
export async function repeated<Result>(
  kind: TransferKind,
  what: string,
  signal: AbortSignal,
  attempt: () => Promise<Result>,
): Promise<Result> {
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof TransferFault) throw error;
      const pause = PAUSES[tries];
      if (pause === undefined || !isPassing(error)) throw faultOf(kind, what, error);
      await delay(pause, undefined, { signal });
    }
  }
}

/** @throws RefusedReply, with the body thrown away */
export function checkStatus(reply: IncomingMessage, ...expected: number[]): void {
  const status = reply.statusCode ?? 0;
  if (expected.includes(status)) return;
  reply.destroy();
  throw new RefusedReply(status);
}

function isPassing(error: unknown): boolean {
  if (error instanceof RefusedReply) return mayRepeat(error.status);
  return !(error instanceof ForbiddenAddress);
}

function faultOf(kind: TransferKind, what: string, error: unknown): TransferFault {
  const message = `${what}: ${error instanceof Error ? error.message : String(error)}`;
  if (error instanceof RefusedReply) return new TransferFault(transferCode(kind, error.status), message);
  return new TransferFault(
    transferCode(kind, error instanceof IdleConnection ? "timedOut" : "failed"),
    message,
  );
}
