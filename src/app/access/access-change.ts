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
export async function changeAccess<T>(
  { store, access }: AccessChanges,
  tenantId: string,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  try {
    return await store.write(work);
  } finally {
    access.invalidate(tenantId);
  }
}
