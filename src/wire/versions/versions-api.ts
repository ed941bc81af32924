/**
 * What `/providers/Batchyard.Versions/…` answers: what becomes of what programs use, when Azure gives up their api-version. The service decides
 * it, the command line shows it; shapes alone are here.
 */

import type { ArmOperationId } from "../arm/operations.ts";
import type { ClientLanguage, ClientMethod } from "../batch/client-methods.ts";
import type { BatchOperationId } from "../batch/operations.gen.ts";

export const VERSIONS_API_VERSION = "2026-01-01";

/**
 * `property`, `value`: sent. `absent`: not sent, and required later. `dated`: a value that ends on a date. `shown`, `shownValue`: in a reply, read or
 * not. `selected`: asked for by `$select`.
 */
export type UseKind = "property" | "value" | "absent" | "dated" | "shown" | "shownValue" | "selected";

export type Fate = "unchanged" | "renamed" | "gone" | "changed";

export interface Finding {
  readonly kind: UseKind | "operation" | "api-version";
  readonly fate: Fate;
  readonly name: string;
  /** Undefined for an api-version. */
  readonly operation?: BatchOperationId;
  /** The property's path in the body. */
  readonly path?: string;
  /** The number of requests, not of occurrences. */
  readonly count: number;
  readonly firstRequestId: string;
  /** The api-version from which on it is so. */
  readonly since?: string;
  readonly instead?: string;
  readonly retired?: string;
}

export interface UsedOperation {
  readonly operation: BatchOperationId;
  readonly method: string;
  readonly path: string;
  readonly count: number;
  readonly methods: Readonly<Record<ClientLanguage, ClientMethod>>;
}

export interface UsedClient {
  readonly name: string;
  readonly userAgent: string;
  readonly language?: ClientLanguage;
  readonly apiVersion: string;
  readonly requests: number;
}

/** Of a body that was sent to Resource Manager, or that it showed. What stays as it is is not told. */
export interface ManagementFinding {
  /** `shown`: in a reply, read or not. `dated`: a value that ends on a date. */
  readonly kind: "property" | "value" | "shown" | "dated";
  readonly fate: Exclude<Fate, "unchanged">;
  /** From the resource's top: `properties.certificates`. */
  readonly path: string;
  /** Of a value: the word. */
  readonly word?: string;
  readonly count: number;
  readonly firstRequestId: string;
  readonly since?: string;
  readonly instead: string;
  readonly retired?: string;
}

/** An operation of Resource Manager that a client asked for. */
export interface UsedManagement {
  /** The client. */
  readonly name: string;
  readonly userAgent: string;
  readonly apiVersion: string;
  readonly operation: ArmOperationId;
  readonly method: string;
  readonly path: string;
  readonly count: number;
  readonly firstRequestId: string;
  /** The api-version of Resource Manager to go to. */
  readonly target: string;
  readonly fate: "unchanged" | "gone";
  readonly since?: string;
  readonly instead?: string;
  readonly retired?: string;
  /** Of its bodies; empty where the operation itself is gone. */
  readonly findings: readonly ManagementFinding[];
}

export interface VersionReport {
  readonly target: string;
  readonly clients: readonly UsedClient[];
  readonly operations: readonly UsedOperation[];
  /** Everything that was used, what stays as it is included. */
  readonly findings: readonly Finding[];
  /** Of replies: nobody can see whether a program reads them, so they count for nothing. */
  readonly inReplies: readonly Finding[];
  /** What ends on a date of its own, in every api-version. */
  readonly dated: readonly Finding[];
  /** Requests to `Microsoft.Batch` of Resource Manager. */
  readonly management: readonly UsedManagement[];
  /** Told from the audit log, which has operations that change something, and neither reads nor what was in a body. */
  readonly isOfLog: boolean;
  /** What is not `unchanged`, of findings and of management, neither in replies nor dated. */
  readonly things: number;
  readonly isReady: boolean;
  /** More was used than is kept: the report is not whole. */
  readonly isTruncated: boolean;
}

export interface RecordedVersions {
  readonly id: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endsAt: string;
  readonly report: VersionReport;
}
