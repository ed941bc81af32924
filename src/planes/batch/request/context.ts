/**
 * What a handler of the data plane gets, and what it gives back. By the time a handler runs, the caller is authenticated and
 * authorized, and the request is well-formed.
 */
import type { Readable } from "node:stream";
import type { AccountHandle } from "../../../app/accounts/account-handle.ts";
import type { App } from "../../../app/app.ts";
import type { Precondition } from "../../../core/lifecycle/resource-version.ts";
import type { Exchange } from "../../../http/exchange.ts";
import type { BatchOperationId } from "../../../wire/batch/operations.gen.ts";

export interface BatchContext {
  readonly app: App;
  /** Authorized for this operation. */
  readonly account: AccountHandle;
  readonly operation: BatchOperationId;
  /** Index of the request's api-version in `batchApiVersions`. */
  readonly version: number;
  readonly path: Readonly<Record<string, string>>;
  /** Checked against the operation's table: integers are in range. */
  readonly query: BatchQuery;
  /** Checked against the operation's model; undefined where the operation has none. */
  readonly body: unknown;
  /** The request's conditional headers; throws when they do not hold. */
  readonly precondition: Precondition;
  readonly exchange: Exchange;
}

export interface BatchQuery {
  text(name: string): string | undefined;
  number(name: string): number | undefined;
  flag(name: string): boolean | undefined;
}

export interface BatchReply {
  /** Default: the operation's first success code. */
  readonly status?: number;
  /** Names and values in turn. */
  readonly headers?: readonly string[];
  readonly json?: object;
  /** A file's content. */
  readonly stream?: Readable;
}

export type BatchHandler = (context: BatchContext) => Promise<BatchReply>;
