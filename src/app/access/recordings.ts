/**
 * Watches which permissions a principal really uses, reads included, while a recording is on. In memory and bounded: a recording is
 * short, and one that a restart ends is made again.
 */

import { parseScope, type Scope, scopeContains } from "../../core/access/scope.ts";
import { Fault } from "../../core/fault.ts";
import type { Recording, UsedPermission } from "../../wire/access/access-api.ts";
import type { Permission } from "../../wire/rbac/permission.ts";

/** Ours. */
export const RECORDING_MAX_MS = 24 * 3_600_000;
const RECORDINGS_MAX = 100;
/** Distinct permissions and scopes of one recording. */
const USED_MAX = 1_000;

interface Running {
  readonly tenantId: string;
  readonly principalId: string;
  readonly scope: Scope;
  readonly writtenScope: string;
  readonly startedAt: number;
  readonly endsAt: number;
  readonly used: Map<string, UsedPermission>;
  isTruncated: boolean;
}

export class Recordings {
  readonly #clock: () => number;
  readonly #running = new Map<string, Running>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Whether `use` would keep anything; asked on every request, so it must cost next to nothing. */
  isOn(principalId: string): boolean {
    return this.#running.size > 0 && this.#running.has(principalId);
  }

  /**
   * Begins anew when one of the principal is on.
   * @throws Fault InvalidScope, BadRequestFormat, TooManyRecordings
   */
  start(tenantId: string, principalId: string, scope: string, durationMs: number): Recording {
    const parsed = parseScope(scope);
    if (parsed === undefined) throw new Fault("InvalidScope", `'${scope}' is no scope.`, { status: 400 });
    if (!(durationMs > 0 && durationMs <= RECORDING_MAX_MS)) {
      throw new Fault("BadRequestFormat", "A recording lasts at most a day.", { status: 400 });
    }
    this.#forgetEnded();
    if (this.#running.size >= RECORDINGS_MAX && !this.#running.has(principalId)) {
      throw new Fault("TooManyRecordings", `${RECORDINGS_MAX} recordings are on already.`, { status: 409 });
    }
    const startedAt = this.#clock();
    const running: Running = {
      tenantId,
      principalId,
      scope: parsed,
      writtenScope: scope,
      startedAt,
      endsAt: startedAt + durationMs,
      used: new Map(),
      isTruncated: false,
    };
    this.#running.set(principalId, running);
    return recordingOf(running);
  }

  use(principalId: string, permissions: readonly Permission[], scope: string): void {
    const running = this.#running.get(principalId);
    const parsed = parseScope(scope);
    if (running === undefined || parsed === undefined || this.#clock() > running.endsAt) return;
    if (!scopeContains(running.scope, parsed)) return;
    for (const permission of permissions) {
      const key = `${permission.kind} ${permission.name} ${parsed}`;
      if (running.used.has(key)) continue;
      if (running.used.size >= USED_MAX) running.isTruncated = true;
      else running.used.set(key, { permission, scope });
    }
  }

  find(tenantId: string, principalId: string): Recording | undefined {
    const running = this.#running.get(principalId);
    return running?.tenantId === tenantId ? recordingOf(running) : undefined;
  }

  /** Ends it and gives what it holds. */
  stop(tenantId: string, principalId: string): Recording | undefined {
    const recording = this.find(tenantId, principalId);
    if (recording !== undefined) this.#running.delete(principalId);
    return recording;
  }

  /** A recording that nobody fetched within a day after its end. */
  #forgetEnded(): void {
    const before = this.#clock() - RECORDING_MAX_MS;
    for (const [principalId, { endsAt }] of this.#running) {
      if (endsAt < before) this.#running.delete(principalId);
    }
  }
}

function recordingOf({ writtenScope, used, scope: _, ...rest }: Running): Recording {
  return { ...rest, scope: writtenScope, used: [...used.values()] };
}
