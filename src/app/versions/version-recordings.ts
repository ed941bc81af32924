/**
 * Watches which operations, properties and values of an api-version requests really use, while a recording is on. In memory and bounded, like
 * the recordings of permissions: what a restart ends is made again. Names only are kept: no id of a resource, no value of a body.
 */
import { randomUUID } from "node:crypto";
import { parseScope, type Scope, scopeContains } from "../../core/access/scope.ts";
import { Fault } from "../../core/fault.ts";
import type { CountedManagementUse, CountedPart } from "../../core/version/management-report.ts";
import type { ManagementPart } from "../../core/version/management-uses.ts";
import type { CountedUse } from "../../core/version/version-report.ts";
import type { VersionUse } from "../../core/version/version-uses.ts";
import type { ArmOperationId } from "../../wire/arm/operations.ts";
import type { BatchOperationId } from "../../wire/batch/operations.gen.ts";

/** Ours. */
export const VERSION_RECORDING_MAX_MS = 24 * 3_600_000;
const RECORDINGS_MAX = 20;
/** Distinct uses of one recording: some twenty programs' worth. */
const USES_MAX = 10_000;

interface Requested {
  readonly tenantId: string;
  /** Null for a holder of the account's key and for a task. */
  readonly principalId: string | null;
  readonly scope: string;
  readonly userAgent: string;
  readonly requestId: string;
}

/** To Resource Manager. */
export interface RecordedManagement extends Requested {
  readonly apiVersion: string;
  readonly operation: ArmOperationId;
  readonly parts: readonly ManagementPart[];
}

/** To the Batch service; the scope is the account's. */
export interface RecordedRequest extends Requested {
  /** Index of the api-version that was asked for. */
  readonly version: number;
  readonly operation: BatchOperationId;
  readonly uses: readonly VersionUse[];
}

export interface RecordingWishes {
  /** Requests on accounts here and below. */
  readonly scope: string;
  readonly durationMs: number;
  /** Object id; undefined: everybody, holders of keys too. */
  readonly principalId?: string | undefined;
  /** A part of the `User-Agent`; compared without case. */
  readonly client?: string | undefined;
}

export interface VersionRecording {
  readonly id: string;
  readonly tenantId: string;
  readonly scope: string;
  readonly principalId: string | undefined;
  readonly startedAt: number;
  readonly endsAt: number;
  readonly uses: readonly CountedUse[];
  readonly management: readonly CountedManagementUse[];
  readonly isTruncated: boolean;
}

/** Its parts are bounded by the lists that name them. */
interface RunningManagement extends Omit<CountedManagementUse, "parts"> {
  count: number;
  readonly parts: Map<string, CountedPart & { count: number }>;
}

interface Running extends Omit<VersionRecording, "uses" | "management" | "isTruncated"> {
  readonly parsedScope: Scope;
  readonly client: string | undefined;
  readonly uses: Map<string, CountedUse & { count: number }>;
  readonly management: Map<string, RunningManagement>;
  isTruncated: boolean;
}

export class VersionRecordings {
  readonly #clock: () => number;
  readonly #running = new Map<string, Running>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Asked on every request, so it must cost next to nothing. */
  get isOn(): boolean {
    return this.#running.size > 0;
  }

  /** @throws Fault InvalidScope, BadRequestFormat, TooManyRecordings */
  start(tenantId: string, { scope, durationMs, principalId, client }: RecordingWishes): VersionRecording {
    const parsedScope = parseScope(scope);
    if (parsedScope === undefined)
      throw new Fault("InvalidScope", `'${scope}' is no scope.`, { status: 400 });
    if (!(durationMs > 0 && durationMs <= VERSION_RECORDING_MAX_MS)) {
      throw new Fault("BadRequestFormat", "A recording lasts at most a day.", { status: 400 });
    }
    this.#forgetEnded();
    if (this.#running.size >= RECORDINGS_MAX) {
      throw new Fault("TooManyRecordings", `${RECORDINGS_MAX} recordings are on already.`, { status: 409 });
    }
    const startedAt = this.#clock();
    const running: Running = {
      id: randomUUID(),
      tenantId,
      scope,
      parsedScope,
      principalId,
      client: client?.toLowerCase(),
      startedAt,
      endsAt: startedAt + durationMs,
      uses: new Map(),
      management: new Map(),
      isTruncated: false,
    };
    this.#running.set(running.id, running);
    return recordingOf(running);
  }

  add(request: RecordedRequest): void {
    this.#each(request, (running, now) => keep(running, request, now));
  }

  addManagement(request: RecordedManagement): void {
    this.#each(request, (running) => keepManagement(running, request));
  }

  #each(request: Requested, keepIn: (running: Running, now: number) => void): void {
    const now = this.#clock();
    const scope = parseScope(request.scope);
    for (const running of this.#running.values()) {
      if (scope !== undefined && wants(running, request, scope, now)) keepIn(running, now);
    }
  }

  find(tenantId: string, id: string): VersionRecording | undefined {
    const running = this.#running.get(id);
    return running?.tenantId === tenantId ? recordingOf(running) : undefined;
  }

  stop(tenantId: string, id: string): VersionRecording | undefined {
    const recording = this.find(tenantId, id);
    if (recording !== undefined) this.#running.delete(id);
    return recording;
  }

  /** Recordings that nobody fetched within an hour after their end. */
  #forgetEnded(): void {
    const before = this.#clock() - 3_600_000;
    for (const [id, { endsAt }] of this.#running) if (endsAt < before) this.#running.delete(id);
  }
}

function wants(running: Running, request: Requested, scope: Scope, now: number): boolean {
  return (
    now <= running.endsAt &&
    running.tenantId === request.tenantId &&
    scopeContains(running.parsedScope, scope) &&
    (running.principalId === undefined || running.principalId === request.principalId) &&
    (running.client === undefined || request.userAgent.toLowerCase().includes(running.client))
  );
}

function keep(running: Running, request: RecordedRequest, now: number): void {
  const { version, operation, requestId, userAgent: client } = request;
  const seen = new Set<string>();
  for (const use of [{ kind: "operation", name: operation, path: "" } as const, ...request.uses]) {
    const key = [client, version, operation, use.kind, use.name, use.path].join("\n");
    if (seen.has(key)) continue;
    seen.add(key);
    const there = running.uses.get(key);
    if (there) there.count++;
    else if (running.uses.size >= USES_MAX) running.isTruncated = true;
    else
      running.uses.set(key, {
        ...use,
        client,
        version,
        operation,
        count: 1,
        firstRequestId: requestId,
        firstAt: now,
      });
  }
}

function keepManagement(running: Running, request: RecordedManagement): void {
  const { apiVersion, operation, requestId: firstRequestId, userAgent: client } = request;
  const key = [client, apiVersion, operation].join("\n");
  const there = running.management.get(key);
  if (there) there.count++;
  else if (running.management.size >= USES_MAX) {
    running.isTruncated = true;
    return;
  }
  const used = there ?? { client, apiVersion, operation, count: 1, firstRequestId, parts: new Map() };
  running.management.set(key, used);
  const parts = new Map(request.parts.map((part) => [`${part.kind} ${part.index}`, part]));
  for (const [name, part] of parts) {
    const counted = used.parts.get(name);
    if (counted) counted.count++;
    else used.parts.set(name, { ...part, count: 1, firstRequestId });
  }
}

function recordingOf({ parsedScope: _, client: __, uses, management, ...rest }: Running): VersionRecording {
  const managed = [...management.values()].map((used) => ({ ...used, parts: [...used.parts.values()] }));
  return { ...rest, uses: [...uses.values()], management: managed };
}
