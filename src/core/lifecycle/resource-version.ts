/** ETags of Batch resources. */

export interface ResourceVersion {
  /** Milliseconds since the epoch. */
  readonly created_at: number;
  /** Rises by one at each change. */
  readonly version: number;
}

/** What a change leaves behind for its reply. */
export interface ModifiedVersion extends ResourceVersion {
  /** Milliseconds since the epoch. */
  readonly modified_at: number;
}

/**
 * A strong tag that differs between two states of a resource, also when it was deleted and made again under its id. Azure's
 * look like `0x8D…` too; clients must not read anything into them.
 */
export function etagOf({ created_at, version }: ResourceVersion): string {
  return `0x8D${created_at.toString(16).toUpperCase()}${version.toString(16).toUpperCase().padStart(5, "0")}`;
}

/** What a conditional request asks of the resource it names; throws the Fault of an unmet condition. */
export type Precondition = (resource: { readonly etag: string; readonly modifiedAt: number }) => void;
