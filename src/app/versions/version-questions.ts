/**
 * What programs use of their api-versions, from recordings and from the audit log, for who may ask about others at the scope, as with
 * permissions; and the report on it.
 */

import { parseScope, scopeContains } from "../../core/access/scope.ts";
import { Fault } from "../../core/fault.ts";
import { LoggedUses } from "../../core/version/logged-uses.ts";
import { versionReport } from "../../core/version/version-report.ts";
import { batchApiVersions } from "../../wire/batch/api-versions.gen.ts";
import { FIRST_VERSION_THAT_STAYS } from "../../wire/batch/successors.ts";
import type { RecordedVersions, VersionReport } from "../../wire/versions/versions-api.ts";
import {
  type AccessQuestions,
  type Asker,
  principalAsked,
  requireToAsk,
} from "../access/access-questions.ts";
import type { VersionRecording, VersionRecordings } from "./version-recordings.ts";

export interface VersionQuestions extends AccessQuestions {
  readonly versionRecordings: VersionRecordings;
}

export interface WantedVersions {
  readonly scope: string;
  readonly durationMs: number;
  /** Object id, application id or user name; undefined: everybody. */
  readonly principal?: string | undefined;
  /** A part of the `User-Agent`. */
  readonly client?: string | undefined;
}

/** @throws Fault AuthorizationFailed, PrincipalNotFound, InvalidScope, BadRequestFormat, TooManyRecordings */
export async function versionRecordingStart(
  questions: VersionQuestions,
  asker: Asker,
  { principal, ...wanted }: WantedVersions,
  target: string | undefined,
): Promise<RecordedVersions> {
  const index = targetIndex(target);
  const found =
    principal === undefined ? undefined : await principalAsked(questions, asker, principal, wanted.scope);
  if (found === undefined) await requireToAsk(questions, asker, null, wanted.scope);
  const recording = questions.versionRecordings.start(asker.tenantId, {
    ...wanted,
    principalId: found?.objectId,
  });
  return recorded(recording, index);
}

/** @param target the api-version to go to. @throws Fault AuthorizationFailed, RecordingNotFound, BadRequestFormat */
export async function versionRecordingRead(
  questions: VersionQuestions,
  asker: Asker,
  id: string,
  target: string | undefined,
): Promise<RecordedVersions> {
  const index = targetIndex(target);
  const recording = questions.versionRecordings.find(asker.tenantId, id);
  if (recording === undefined)
    throw new Fault("RecordingNotFound", `No recording '${id}' is on.`, { status: 404 });
  await requireToAsk(questions, asker, recording.principalId ?? null, recording.scope);
  return recorded(recording, index);
}

/** Ends the recording and gives what it holds. @throws as `versionRecordingRead` */
export async function versionRecordingStop(
  questions: VersionQuestions,
  asker: Asker,
  id: string,
  target: string | undefined,
): Promise<RecordedVersions> {
  const read = await versionRecordingRead(questions, asker, id, target);
  questions.versionRecordings.stop(asker.tenantId, id);
  return read;
}

export interface LoggedVersionsAsked {
  readonly scope: string;
  /** Milliseconds since the epoch. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly principal?: string | undefined;
  readonly client?: string | undefined;
}

/**
 * Of what the audit log has: operations that changed something, since entries keep their api-version.
 * @throws Fault AuthorizationFailed, PrincipalNotFound, InvalidScope, BadRequestFormat
 */
export async function loggedVersions(
  questions: VersionQuestions,
  asker: Asker,
  { scope, since, until, principal, client }: LoggedVersionsAsked,
  target: string | undefined,
): Promise<VersionReport> {
  const index = targetIndex(target);
  const within = parseScope(scope);
  if (within === undefined) throw new Fault("InvalidScope", `'${scope}' is no scope.`, { status: 400 });
  const found =
    principal === undefined ? undefined : await principalAsked(questions, asker, principal, scope);
  if (found === undefined) await requireToAsk(questions, asker, null, scope);
  const uses = new LoggedUses();
  const wanted = client?.toLowerCase();
  await questions.journal.audit.query({
    principalId: found?.objectId,
    since,
    until,
    // Each entry is counted as it passes, and none is kept.
    last: 1,
    accepts: (entry) => {
      const at = parseScope(entry.scope);
      const isWanted =
        entry.decision === "allowed" &&
        entry.caller.tenantId === asker.tenantId &&
        at !== undefined &&
        scopeContains(within, at) &&
        (wanted === undefined || entry.client?.toLowerCase().includes(wanted) === true);
      if (isWanted) uses.add(entry);
      return false;
    },
  });
  const { management, isTruncated } = uses;
  return versionReport(uses.uses, index, { management, isTruncated, isOfLog: true });
}

/** @throws Fault BadRequestFormat */
function targetIndex(target = FIRST_VERSION_THAT_STAYS): number {
  const index = batchApiVersions.findIndex(({ version }) => version === target);
  if (index >= 0) return index;
  const known = batchApiVersions.map(({ version }) => version).slice(-3);
  throw new Fault(
    "BadRequestFormat",
    `'${target}' is no api-version to go to; the newest are ${known.join(", ")}.`,
    {
      status: 400,
    },
  );
}

function recorded(
  { id, startedAt, endsAt, uses, management, isTruncated }: VersionRecording,
  target: number,
): RecordedVersions {
  return {
    id,
    startedAt: new Date(startedAt).toISOString(),
    endsAt: new Date(endsAt).toISOString(),
    report: versionReport(uses, target, { management, isTruncated }),
  };
}
