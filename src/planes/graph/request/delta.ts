/**
 * Delta queries: what there is, and by the link at its end what has changed since. What was told is remembered as a fingerprint of each
 * object, in memory and for the last few askers; whoever comes later begins anew, as Graph has it for tokens that are too old. Source:
 * "Use delta query to track changes in Microsoft Graph data".
 */
import { hash, randomBytes } from "node:crypto";
import { Fault } from "../../../core/fault.ts";
import type { GraphEntity } from "./entity-set.ts";

/** Ours. */
const SNAPSHOTS_MAX = 64;
const OBJECTS_MAX = 200_000;

interface Snapshot {
  readonly tenantId: string;
  readonly set: string;
  /** By id. */
  readonly fingerprints: ReadonlyMap<string, string>;
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

export interface Delta {
  /** Of the state that this delta leads to. */
  readonly token: string;
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

export class Deltas {
  readonly #snapshots = new Map<string, Snapshot>();

  /**
   * @param since a token of before; all is new when absent
   * @throws Fault syncStateNotFound (410) for a token that is not remembered
   */
  begin(tenantId: string, set: string, items: readonly GraphEntity[], since: string | undefined): Delta {
    const before = since === undefined ? undefined : this.#of(tenantId, set, since);
    const kept = items.slice(0, OBJECTS_MAX);
    const fingerprints = new Map(
      kept.map((item) => [item.id, hash("sha256", JSON.stringify(item), "base64").slice(0, 16)]),
    );
    const changed = kept
      .filter(({ id }) => before?.fingerprints.get(id) !== fingerprints.get(id))
      .map(({ id }) => id);
    const removed = [...(before?.fingerprints.keys() ?? [])].filter((id) => !fingerprints.has(id));
    const token = randomBytes(12).toString("base64url");
    this.#snapshots.set(token, { tenantId, set, fingerprints, changed, removed });
    const [oldest] = this.#snapshots.keys();
    if (this.#snapshots.size > SNAPSHOTS_MAX && oldest !== undefined) this.#snapshots.delete(oldest);
    return { token, changed, removed };
  }

  /** A delta whose first page was given. */
  resume(tenantId: string, set: string, token: string): Delta {
    const { changed, removed } = this.#of(tenantId, set, token);
    return { token, changed, removed };
  }

  #of(tenantId: string, set: string, token: string): Snapshot {
    const found = this.#snapshots.get(token);
    if (found?.tenantId === tenantId && found.set === set) return found;
    throw new Fault(
      "syncStateNotFound",
      "The sync state generation is not found; begin again without a token.",
      {
        status: 410,
      },
    );
  }
}
