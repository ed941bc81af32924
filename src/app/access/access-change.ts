/** What every change of roles needs: where it is written, who makes it, and that it holds for the next request. */
import type { Connection } from "../../store/engine/connection.ts";
import type { Store } from "../../store/engine/store.ts";
import type { Access } from "./access.ts";

export interface AccessChanges {
  readonly store: Store;
  readonly access: Access;
  readonly clock: () => number;
}

/** Whoever asks for a change, already authorized by the plane at the scope that the path names. */
export interface AccessAuthor {
  readonly tenantId: string;
  readonly objectId: string;
}

/** Commits, then makes the tenant's next decision read the roles anew. */
export function changeAccess<T>(
  changes: AccessChanges,
  tenantId: string,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  return changed(changes, tenantId, changes.store.write(work));
}

/** As `changeAccess`, for what can be added later. @throws Fault InsufficientStorage (507) on a disk without room */
export function growAccess<T>(
  changes: AccessChanges,
  tenantId: string,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  return changed(changes, tenantId, changes.store.grow(work));
}

async function changed<T>({ access }: AccessChanges, tenantId: string, written: Promise<T>): Promise<T> {
  try {
    return await written;
  } finally {
    access.invalidate(tenantId);
  }
}
