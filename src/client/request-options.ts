/** What callers may ask of a request besides its operation's own parameters, and how that looks on the wire. */
import type { HttpHeaders } from "@azure/core-rest-pipeline";

export interface BatchResponse {
  readonly status: number;
  readonly headers: HttpHeaders;
}

export interface RequestOptions {
  /** Ends the request, its retries and, of a list, the pages to come: they reject with an `AbortError`. */
  readonly abortSignal?: AbortSignal | undefined;
  /** A GUID that names this request in the service's log. Default: a new one. */
  readonly clientRequestId?: string | undefined;
  /** Seconds that the service may take. Default: the service's own, 30 for most operations. */
  readonly timeoutSeconds?: number | undefined;
  /** Called with every reply that is no failure: for ETag, request id and other headers. */
  readonly onResponse?: ((response: BatchResponse) => void) | undefined;
}

/** A request whose condition does not hold fails with 304 (reads) or 412. */
export interface Conditions {
  /** An ETag, its quotes included. */
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: Date | undefined;
  readonly ifUnmodifiedSince?: Date | undefined;
}

export interface QueryOptions {
  /** An OData expression, e.g. `state eq 'active'`. */
  readonly filter?: string | undefined;
  /** Names of properties, comma-separated: the reply has no others. */
  readonly select?: string | undefined;
  /** Names of related resources, comma-separated. */
  readonly expand?: string | undefined;
  /** Items in a page. */
  readonly maxResults?: number | undefined;
  readonly startTime?: Date | undefined;
  readonly endTime?: Date | undefined;
  readonly recursive?: boolean | undefined;
  readonly force?: boolean | undefined;
}

export interface RangeOption {
  /** Part of a file, in bytes. Both ends belong to it; without `end`, all from `start` on. */
  readonly range?: { readonly start: number; readonly end?: number | undefined } | undefined;
}

export type AnyOptions = RequestOptions & Conditions & QueryOptions & RangeOption;

type Wire = Readonly<Record<string, string | undefined>>;

export function queryOf(options: AnyOptions): Wire {
  return {
    $filter: options.filter,
    $select: options.select,
    $expand: options.expand,
    maxresults: options.maxResults?.toString(),
    starttime: options.startTime?.toISOString(),
    endtime: options.endTime?.toISOString(),
    recursive: options.recursive?.toString(),
    force: options.force?.toString(),
    timeout: options.timeoutSeconds?.toString(),
  };
}

export function headersOf({ range, ...options }: AnyOptions): Wire {
  return {
    "client-request-id": options.clientRequestId,
    "if-match": options.ifMatch,
    "if-none-match": options.ifNoneMatch,
    "if-modified-since": options.ifModifiedSince?.toUTCString(),
    "if-unmodified-since": options.ifUnmodifiedSince?.toUTCString(),
    "ocp-range": range && `bytes=${range.start}-${range.end ?? ""}`,
  };
}
