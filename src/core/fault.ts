/**
 * The one error that use cases and decisions raise. It knows no transport: each plane's `envelope.ts` renders it in
 * its own shape (ARM, Batch, Entra), and only `code`, `message` and `values` ever leave the process.
 */

/** One `values` entry of an error body: the property's name and what is wrong with it. */
export interface FaultValue {
  readonly key: string;
  readonly value: string;
  /** A code of its own, where the plane's envelope has a place for one. */
  readonly code?: string;
}

export interface FaultOptions {
  /** Overrides the status that the plane's table gives the code. */
  readonly status?: number;
  readonly values?: readonly FaultValue[];
  /** For the log only; never sent. */
  readonly detail?: string;
  readonly cause?: unknown;
}

export class Fault extends Error {
  /** The documented error code, e.g. `JobNotFound`. */
  readonly code: string;
  readonly status: number | undefined;
  readonly values: readonly FaultValue[];
  readonly detail: string | undefined;

  /** @param message public text; empty means the text the plane's table gives the code. */
  constructor(code: string, message = "", options: FaultOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "Fault";
    this.code = code;
    this.status = options.status;
    this.values = options.values ?? [];
    this.detail = options.detail;
  }
}
