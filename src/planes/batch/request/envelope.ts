/** How the data plane says that something went wrong. Only a fault's public half leaves. */
import type { Fault } from "../../../core/fault.ts";
import type { Exchange } from "../../../http/exchange.ts";
import { batchErrorCodes } from "../../../wire/batch/error-codes.ts";

interface ErrorCode {
  readonly status: number;
  readonly message: string;
}

const INTERNAL: ErrorCode = {
  status: 500,
  message: "The server encountered an internal error. Please retry the request.",
};

function codeOf(fault: Fault): ErrorCode {
  const codes: Readonly<Record<string, ErrorCode>> = batchErrorCodes;
  return codes[fault.code] ?? INTERNAL;
}

export function errorStatus(fault: Fault): number {
  return fault.status ?? codeOf(fault).status;
}

const REASON_CHARACTERS = 256;

/** The error's message as a reason phrase: printable ASCII alone may stand there (RFC 9112, section 4). */
export function errorReason(fault: Fault): string {
  const text = fault.message || codeOf(fault).message;
  return text.slice(0, REASON_CHARACTERS).replace(/[^\x20-\x7e]/g, " ");
}

/** The body of an error, also where it stands for one task of a collection. */
export function errorBody(exchange: Exchange, fault: Fault, now: number): object {
  const text = fault.message || codeOf(fault).message;
  return {
    code: fault.code,
    message: {
      lang: "en-US",
      value: `${text}\nRequestId:${exchange.id}\nTime:${new Date(now).toISOString()}`,
    },
    ...(fault.values.length > 0 && { values: fault.values }),
  };
}

export function errorMetadata(exchange: Exchange): string {
  return `${exchange.origin}/$metadata#Microsoft.Azure.Batch.Protocol.Entities.Container.errors/@Element`;
}
