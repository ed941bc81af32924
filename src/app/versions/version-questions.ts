/**
 * Recordings of what programs use of their api-versions, for who may ask about others at the scope, as with permissions; and the report on
 * them.
 */

import { Fault } from "../../core/fault.ts";
import { versionReport } from "../../core/version/version-report.ts";
import { batchApiVersions } from "../../wire/batch/api-versions.gen.ts";
import { FIRST_VERSION_THAT_STAYS } from "../../wire/batch/successors.ts";
import type { RecordedVersions } from "../../wire/versions/versions-api.ts";
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
  { id, startedAt, endsAt, uses, isTruncated }: VersionRecording,
  target: number,
): RecordedVersions {
  return {
    id,
    startedAt: new Date(startedAt).toISOString(),
    endsAt: new Date(endsAt).toISOString(),
    report: versionReport(uses, target, isTruncated),
  };
}
