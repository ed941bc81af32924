/**
 * What becomes of a program when Azure gives up the api-version that it sends: every operation, property, word of an enum and field of a reply
 * that it really used, as one later version has it. Pure: what was used comes in, the report goes out. A thing that is gone takes with it what
 * lies inside it, which is not told again.
 */
import { batchApiVersions } from "../../wire/batch/api-versions.gen.ts";
import { clientMethods } from "../../wire/batch/client-methods.ts";
import { DATED_VALUES } from "../../wire/batch/dated-values.ts";
import type { BatchModelName } from "../../wire/batch/models.gen.ts";
import { OLDER_PROPERTIES } from "../../wire/batch/older-properties.ts";
import type { BatchOperation } from "../../wire/batch/operation.ts";
import { type BatchOperationId, batchOperations } from "../../wire/batch/operations.gen.ts";
import { SHOWN_WORDS } from "../../wire/batch/shown-words.ts";
import {
  FIRST_VERSION_THAT_STAYS,
  OPERATION_SUCCESSORS,
  PROPERTY_SUCCESSORS,
  RETIREMENT_OF_OLDER_VERSIONS,
  type Successor,
  VALUE_SUCCESSORS,
} from "../../wire/batch/successors.ts";
import type {
  Fate,
  Finding,
  ManagementFinding,
  UsedClient,
  UsedOperation,
  UseKind,
  VersionReport,
} from "../../wire/versions/versions-api.ts";
import { enumValues, modelProperties } from "../model/model-table.ts";
import { clientOf, type KnownClient } from "./client-product.ts";
import { type CountedManagementUse, managementReport } from "./management-report.ts";

/** One thing that one client used, and how often. */
export interface CountedUse {
  /** The `User-Agent`. */
  readonly client: string;
  /** Index of the api-version, as which the request was read. */
  readonly version: number;
  readonly operation: BatchOperationId;
  readonly kind: UseKind | "operation";
  readonly name: string;
  readonly path: string;
  /** Requests, not occurrences. */
  readonly count: number;
  readonly firstRequestId: string;
  /** Milliseconds since the epoch. */
  readonly firstAt: number;
}

const rows: Readonly<Record<BatchOperationId, BatchOperation>> = batchOperations;
const nameOf = (index: number): string => batchApiVersions[index]?.version ?? "";

export interface ReportOptions {
  /** More was used than was kept. */
  readonly isTruncated?: boolean;
  readonly management?: readonly CountedManagementUse[];
  readonly isOfLog?: boolean;
}

/** @param target index of the api-version to go to */
export function versionReport(
  uses: readonly CountedUse[],
  target: number,
  { isTruncated = false, management = [], isOfLog = false }: ReportOptions = {},
): VersionReport {
  const gone = new GonePaths();
  const ordered = [...uses].sort((one, other) => one.path.length - other.path.length);
  const found = ordered.flatMap((use) => assess(use, target, gone) ?? []);
  const kinds = (...wanted: Finding["kind"][]) => merged(found.filter(({ kind }) => wanted.includes(kind)));
  const findings = [
    ...merged(apiVersions(uses, target)),
    ...kinds("operation", "property", "value", "absent", "selected"),
  ].sort(byFate);
  const managed = managementReport(management, nameOf(target));
  const inBodies = managed.flatMap((used) => used.findings.filter(isThing));
  const things = [...findings, ...managed, ...inBodies].filter(({ fate }) => fate !== "unchanged").length;
  return {
    target: nameOf(target),
    clients: clientsOf(uses),
    operations: operationsOf(uses),
    findings,
    inReplies: kinds("shown", "shownValue"),
    dated: kinds("dated"),
    management: managed,
    isOfLog,
    things,
    isReady: things === 0 && !isTruncated,
    isTruncated,
  };
}

/** Nobody can see what of a reply is read, and what ends on a date ends in every api-version. */
const isThing = ({ kind }: ManagementFinding) => kind === "property" || kind === "value";

const FATES: readonly Fate[] = ["gone", "renamed", "changed", "unchanged"];
const byFate = (one: Finding, other: Finding) => FATES.indexOf(one.fate) - FATES.indexOf(other.fate);

/** Paths into the body or reply of an operation that the later version has no more. */
class GonePaths {
  readonly #paths = new Map<string, string[]>();

  add({ operation, kind }: CountedUse, path: string): void {
    const key = `${operation} ${isShown(kind)}`;
    this.#paths.set(key, [...(this.#paths.get(key) ?? []), path]);
  }

  /** Whether the use lies in something that is gone; the thing itself does not lie in itself. */
  holds({ operation, kind, path }: CountedUse): boolean {
    const within = (outer: string) =>
      path !== outer && (path.startsWith(`${outer}.`) || path.startsWith(`${outer}[]`));
    return this.#paths.get(`${operation} ${isShown(kind)}`)?.some(within) ?? false;
  }

  holdsWhole({ operation, kind, path }: CountedUse): boolean {
    return this.#paths.get(`${operation} ${isShown(kind)}`)?.includes(path) ?? false;
  }
}

const isShown = (kind: CountedUse["kind"]) => kind === "shown" || kind === "shownValue";

function assess(use: CountedUse, target: number, gone: GonePaths): Finding | undefined {
  const row = rows[use.operation];
  if (use.kind === "dated") return datedFinding(use);
  if (use.version >= target)
    return isShown(use.kind) || use.kind === "absent" ? undefined : finding(use, "unchanged");
  if (use.kind === "operation") return assessOperation(use, row, target);
  if (row.until < target || replyIsAnother(row, use.version, target)) {
    if (row.until < target || isShown(use.kind) || use.kind === "selected") return undefined;
  }
  if (gone.holds(use)) return undefined;
  switch (use.kind) {
    case "property":
    case "shown":
    case "selected":
      return assessProperty(use, target, gone);
    case "value":
      return gone.holdsWhole(use) ? undefined : assessValue(use, target);
    case "shownValue":
      return gone.holdsWhole(use) ? undefined : assessShownWord(use, target);
    case "absent":
      return assessAbsent(use, target);
  }
}

const replyIsAnother = ({ olderResponse }: BatchOperation, version: number, target: number): boolean =>
  olderResponse !== undefined && version <= olderResponse.until && target > olderResponse.until;

function assessOperation(use: CountedUse, row: BatchOperation, target: number): Finding {
  if (row.until < target) return withSuccessor(use, OPERATION_SUCCESSORS[use.operation], row.until + 1);
  if (!replyIsAnother(row, use.version, target)) return finding(use, "unchanged");
  return {
    ...finding(use, "changed"),
    since: nameOf((row.olderResponse?.until ?? 0) + 1),
    instead: `its reply is a ${row.response}`,
  };
}

function assessProperty(use: CountedUse, target: number, gone: GonePaths): Finding | undefined {
  const [model = "", name = ""] = use.name.split(".");
  if (hasProperty(model, name, target)) return isShown(use.kind) ? undefined : finding(use, "unchanged");
  gone.add(use, use.path);
  const since = firstWithout((index) => hasProperty(model, name, index), use.version, target);
  const older = OLDER_PROPERTIES[model]?.find(({ once }) => once === name);
  const successor: Successor | undefined =
    older === undefined
      ? (PROPERTY_SUCCESSORS[use.name] ?? PROPERTY_SUCCESSORS[name])
      : { fate: "renamed", instead: older.now };
  return withSuccessor(use, successor, since);
}

function assessValue(use: CountedUse, target: number): Finding {
  const [type = "", word = ""] = use.name.split(".");
  const has = (index: number) => enumValues(type, index)?.includes(word) === true;
  if (has(target)) return finding(use, "unchanged");
  return withSuccessor(use, VALUE_SUCCESSORS[word], firstWithout(has, use.version, target));
}

/** A word that replies spell another way. */
function assessShownWord(use: CountedUse, target: number): Finding | undefined {
  const [type = "", word = ""] = use.name.split(".");
  const words = SHOWN_WORDS[type]?.filter(({ described }) => described === word) ?? [];
  const newest = words.findLast(({ since = "" }) => since > nameOf(use.version) && since <= nameOf(target));
  if (newest === undefined) return undefined;
  return {
    ...finding(use, "changed"),
    ...(newest.since && { since: newest.since }),
    instead: `spelled ${newest.shown}`,
  };
}

function assessAbsent(use: CountedUse, target: number): Finding | undefined {
  const [model = "", name = ""] = use.name.split(".");
  const isRequired = (index: number) =>
    modelProperties(model as BatchModelName, index).known.some((spec) => spec.name === name && spec.required);
  if (!isRequired(target)) return undefined;
  const since = firstWithout((index) => !isRequired(index), use.version, target);
  return { ...finding(use, "changed"), since: nameOf(since), instead: "it is required" };
}

function datedFinding(use: CountedUse): Finding | undefined {
  const dated = DATED_VALUES[Number(use.name)];
  if (dated === undefined) return undefined;
  return {
    ...finding(use, "changed"),
    name: dated.property,
    retired: `${dated.date}: ${dated.what}`,
    instead: dated.instead,
  };
}

function apiVersions(uses: readonly CountedUse[], target: number): Finding[] {
  return uses
    .filter(({ kind }) => kind === "operation")
    .map(({ client, version, count, firstRequestId }) => {
      const name = nameOf(version);
      const common = { kind: "api-version", name, count, firstRequestId } as const;
      if (version >= target) return { ...common, fate: "unchanged" };
      const { instead } = clientOf(client);
      return {
        ...common,
        fate: "renamed",
        instead: `${nameOf(target)}${instead === undefined ? "" : `: ${instead}`}`,
        ...(name < FIRST_VERSION_THAT_STAYS && { retired: RETIREMENT_OF_OLDER_VERSIONS }),
      };
    });
}

function hasProperty(model: string, name: string, index: number): boolean {
  return modelProperties(model as BatchModelName, index).known.some((spec) => spec.name === name);
}

function firstWithout(has: (index: number) => boolean, from: number, to: number): number {
  let index = from;
  while (index < to && has(index)) index++;
  return index;
}

const finding = (
  { kind, name, operation, path, count, firstRequestId }: CountedUse,
  fate: Fate,
): Finding => ({
  kind,
  fate,
  name,
  operation,
  ...(path !== "" && { path }),
  count,
  firstRequestId,
});

function withSuccessor(use: CountedUse, successor: Successor | undefined, since: number): Finding {
  const { fate = "gone", instead, retired } = successor ?? {};
  return {
    ...finding(use, fate),
    since: nameOf(since),
    ...(instead !== undefined && { instead }),
    ...(retired !== undefined && { retired }),
  };
}

/** The same thing from several clients and places of one operation is one. */
function merged(findings: readonly Finding[]): Finding[] {
  const byKey = new Map<string, Finding>();
  for (const one of findings) {
    const key = [one.kind, one.name, one.operation, one.path, one.fate, one.instead].join("\n");
    const there = byKey.get(key);
    byKey.set(key, there === undefined ? one : { ...there, count: there.count + one.count });
  }
  return [...byKey.values()];
}

function operationsOf(uses: readonly CountedUse[]): UsedOperation[] {
  const counts = new Map<BatchOperationId, number>();
  for (const { kind, operation, count } of uses) {
    if (kind === "operation") counts.set(operation, (counts.get(operation) ?? 0) + count);
  }
  return [...counts].sort().map(([operation, count]) => {
    const { method, path } = rows[operation];
    return { operation, method, path, count, methods: clientMethods(operation) };
  });
}

function clientsOf(uses: readonly CountedUse[]): UsedClient[] {
  const requests = new Map<
    string,
    { readonly client: KnownClient; readonly use: CountedUse; count: number }
  >();
  for (const use of uses) {
    if (use.kind !== "operation") continue;
    const key = `${use.version} ${use.client}`;
    const there = requests.get(key);
    if (there) there.count += use.count;
    else requests.set(key, { client: clientOf(use.client), use, count: use.count });
  }
  return [...requests.values()].map(({ client, use, count }) => ({
    name: client.name,
    userAgent: use.client,
    ...(client.language && { language: client.language }),
    apiVersion: nameOf(use.version),
    requests: count,
  }));
}
