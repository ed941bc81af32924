/**
 * What the audit log knows of the api-versions of programs: who asked for which operation, of the requests that changed something. Entries come
 * one by one; what is kept is bounded by the number of distinct clients, versions and operations. Pure but for its counters.
 */
import { type ArmOperationId, armOperations } from "../../wire/arm/operations.ts";
import { batchApiVersions } from "../../wire/batch/api-versions.gen.ts";
import { type BatchOperationId, batchOperations } from "../../wire/batch/operations.gen.ts";
import { BATCH_PROVIDER, type CountedManagementUse } from "./management-report.ts";
import type { CountedUse } from "./version-report.ts";

/** Of one report: more clients, versions and operations than a service has, unless somebody makes them up. */
const USES_MAX = 10_000;

/** The part of an audit entry that says it. */
export interface LoggedRequest {
  readonly time: string;
  readonly requestId: string;
  readonly plane: string;
  readonly operation: string;
  /** Absent from entries of before they were kept. */
  readonly apiVersion?: string;
  readonly client?: string;
}

type Counted<Use> = Use & { count: number };

export class LoggedUses {
  readonly #batch = new Map<string, Counted<CountedUse>>();
  readonly #management = new Map<string, Counted<CountedManagementUse>>();
  #isTruncated = false;

  add({ time, requestId, plane, operation, apiVersion, client }: LoggedRequest): void {
    if (apiVersion === undefined || client === undefined) return;
    const key = [client, apiVersion, operation].join("\n");
    const there = this.#batch.get(key) ?? this.#management.get(key);
    if (there !== undefined) there.count++;
    else if (this.#batch.size + this.#management.size >= USES_MAX) this.#isTruncated = true;
    else if (plane === "batch") {
      const version = batchApiVersions.findIndex((known) => known.version === apiVersion);
      if (version < 0 || !Object.hasOwn(batchOperations, operation)) return;
      const id = operation as BatchOperationId;
      const what = { kind: "operation", name: id, operation: id, path: "" } as const;
      const first = { count: 1, firstRequestId: requestId, firstAt: Date.parse(time) };
      this.#batch.set(key, { ...what, ...first, client, version });
    } else if (
      plane === "arm" &&
      operation.startsWith(BATCH_PROVIDER) &&
      Object.hasOwn(armOperations, operation)
    ) {
      const id = operation as ArmOperationId;
      const first = { count: 1, firstRequestId: requestId, parts: [] };
      this.#management.set(key, { client, apiVersion, operation: id, ...first });
    }
  }

  get uses(): readonly CountedUse[] {
    return [...this.#batch.values()];
  }

  get management(): readonly CountedManagementUse[] {
    return [...this.#management.values()];
  }

  get isTruncated(): boolean {
    return this.#isTruncated;
  }
}
