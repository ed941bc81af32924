/**
 * What a running service tells about itself: the one line that `batchyard up --json` prints when it is ready. The part that
 * is no secret also lies in the data folder's `service.json` (0600) while the service runs.
 */

export interface ServiceEndpoints {
  /** Base URLs without a trailing slash, e.g. `https://localhost:8443`. */
  readonly login: string;
  readonly management: string;
  readonly graph: string;
  /** The first Batch account's URL, on a port of its own. */
  readonly batch: string;
  /** The first storage account's Blob service, by this machine's name; null without one. */
  readonly blob: string | null;
  readonly portal: string | null;
  /** `http://127.0.0.1:<port>`: the CONNECT proxy. */
  readonly proxy: string;
  /** The plain port's base URL: `/health`. */
  readonly plain: string;
  /** Our CA alone: for clients that add it to their trust, as Node does. */
  readonly caFile: string;
  /** The system's roots and our CA: for clients that replace theirs, as Python and curl do. */
  readonly bundleFile: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly account: string;
  /** Null where there is none. */
  readonly storageAccount: string | null;
  readonly location: string;
}

/** Null where `credentials.json` has been removed. */
export interface ServiceCredentials {
  readonly clientId: string | null;
  readonly clientSecret: string | null;
  readonly username: string | null;
  readonly password: string | null;
}

export interface ReadyLine extends ServiceEndpoints, ServiceCredentials {
  readonly ready: true;
  /** How nodes on this machine are kept apart, as far as is known before the first; null where they are on other machines. */
  readonly nodes: "namespace" | "process" | null;
  readonly accountKey: string;
}

/** The content of `service.json`. */
export interface ServiceFile extends ServiceEndpoints {
  readonly pid: number;
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}
