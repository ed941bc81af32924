/**
 * Remembers for a day why requests were denied. Denials are gathered for a moment and written together, so that one costs no commit
 * of its own and a flood of them no more than a bounded part of the disk: a restart keeps them, `kill -9` may lose the last second.
 */

import { denialByRequest, denialInsert, denialsPrune } from "../../store/denials.ts";
import type { Store } from "../../store/engine/store.ts";
import type { ExplainedDenial } from "../../wire/access/access-api.ts";
import type { DeniedRequest } from "./judged-request.ts";

const KEPT_MS = 86_400_000;
/** Ours: with the limit below, the table stays under 40 MB. */
const KEPT_MAX = 5_000;
/** Of one explanation as JSON; assignments that do not fit are counted instead of listed. */
const EXPLANATION_MAX_CHARACTERS = 8_000;
const WRITE_EVERY_MS = 1_000;
/** More in one interval are not kept: they are a flood, and each repeats the others. */
const PENDING_MAX = 1_000;

export class Denials {
  readonly #store: Store;
  readonly #clock: () => number;
  readonly #log: (line: string) => void;
  #pending = new Map<string, ExplainedDenial>();
  #writing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(store: Store, clock: () => number, log: (line: string) => void) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
  }

  remember(request: DeniedRequest): void {
    if (this.#pending.size >= PENDING_MAX) return;
    this.#pending.set(request.requestId, explained(request));
    this.#timer ??= setTimeout(() => void this.#write(), WRITE_EVERY_MS).unref();
  }

  async find(requestId: string): Promise<ExplainedDenial | undefined> {
    const pending = this.#pending.get(requestId);
    if (pending !== undefined) return pending;
    await this.#writing;
    const after = this.#clock() - KEPT_MS;
    const kept = await denialByRequest.first(this.#store.read, { request_id: requestId, after });
    return kept && (JSON.parse(kept.explanation) as ExplainedDenial);
  }

  /** Writes what is pending. */
  async close(): Promise<void> {
    await this.#write();
  }

  #write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const denials = this.#pending;
    this.#pending = new Map();
    if (denials.size > 0) {
      this.#writing = this.#writing.then(() => this.#commit([...denials.values()]));
    }
    return this.#writing;
  }

  async #commit(denials: readonly ExplainedDenial[]): Promise<void> {
    const rows = denials.map((denial) => ({
      request_id: denial.requestId,
      at: Date.parse(denial.time),
      explanation: JSON.stringify(denial),
    }));
    try {
      await this.#store.write(async (c) => {
        await denialInsert.runEach(c, rows);
        await denialsPrune.run(c, { before: this.#clock() - KEPT_MS, keep: KEPT_MAX });
      });
    } catch (error) {
      // Losing an explanation must not lose the service.
      this.#log(`denials: ${rows.length} are not kept: ${(error as Error).message}`);
    }
  }
}

function explained({ denial, at, apiVersion: _, client: __, ...request }: DeniedRequest): ExplainedDenial {
  const all = denial.considered;
  let size = 0;
  const considered = all.filter((assignment) => {
    size += JSON.stringify(assignment).length;
    return size < EXPLANATION_MAX_CHARACTERS;
  });
  return {
    ...request,
    time: new Date(at).toISOString(),
    missing: denial.missing,
    considered,
    unlisted: all.length - considered.length,
    builtInRoles: denial.builtInRoles,
  };
}
