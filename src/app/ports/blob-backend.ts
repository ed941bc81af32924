/**
 * What the use cases ask of the program that keeps blobs: that it takes a request as it is given. It believes whoever reaches it, and nobody
 * but this service does; who may do what is the front's business.
 */
import type { ClientRequest } from "node:http";

export interface BlobBackendRequest {
  readonly method: string;
  /** Path and query, still encoded. */
  readonly target: string;
  /** `account.blob.core.windows.net`, or an address without an account's name when the path begins with it. */
  readonly host: string;
  /** Names and values in turn, without `host` and `authorization`. */
  readonly headers: readonly string[];
}

export interface BlobBackend {
  /**
   * Starts the program when it does not run, and opens a request to it; the caller writes the body and ends it.
   * @throws Fault `StorageUnavailable` (503) with what to do about it
   */
  send(request: BlobBackendRequest): Promise<ClientRequest>;
  /** Whether anything was ever kept: what was not needs no clearing. */
  readonly wasUsed: boolean;
  /** Ends the program, waiting until it has written what it holds. */
  close(): Promise<void>;
}
