/**
 * Questions about access: why a request was denied, what a principal may do, what was done, which permissions are used. Whoever asks may
 * always ask about itself; about others it needs to be able to read role assignments where the answer lies.
 */

import { builtInRolesGranting, decideOperation } from "../../core/access/operation-access.ts";
import { parseScope } from "../../core/access/scope.ts";
import { commonScope, smallestRole } from "../../core/access/smallest-role.ts";
import { Fault } from "../../core/fault.ts";
import type { Store } from "../../store/engine/store.ts";
import type {
  AccessCheck,
  AuditEntry,
  ExplainedDenial,
  FoundPrincipal,
  RecordedRole,
  Recording,
} from "../../wire/access/access-api.ts";
import { BATCH_PERMISSIONS } from "../../wire/rbac/batch-permissions.ts";
import type { Permission } from "../../wire/rbac/permission.ts";
import type { Access } from "./access.ts";
import type { AccessJournal } from "./access-journal.ts";
import { principalFind } from "./principal-find.ts";

export interface AccessQuestions {
  readonly store: Store;
  readonly access: Access;
  readonly journal: AccessJournal;
}

export interface Asker {
  readonly tenantId: string;
  readonly objectId: string;
}

const READ_ASSIGNMENTS: Permission = { name: "Microsoft.Authorization/roleAssignments/read", kind: "action" };

/** @throws Fault DenialNotFound, also for what the asker may not see */
export async function denialExplain(
  questions: AccessQuestions,
  asker: Asker,
  requestId: string,
): Promise<ExplainedDenial> {
  const denial = await questions.journal.denials.find(requestId);
  if (denial !== undefined && denial.caller.tenantId === asker.tenantId) {
    const mayAsk = await asksAbout(questions, asker);
    if (mayAsk(denial.caller.principalId, denial.scope)) return denial;
  }
  throw new Fault(
    "DenialNotFound",
    `No denied request '${requestId}' is known; denials are kept for a day.`,
    { status: 404 },
  );
}

/** @throws Fault AuthorizationFailed, PrincipalNotFound, InvalidScope */
export async function accessCheck(
  questions: AccessQuestions,
  asker: Asker,
  asked: { readonly principal: string; readonly permission: Permission; readonly scope: string },
): Promise<AccessCheck> {
  const { permission, scope } = asked;
  const principal = await principalAsked(questions, asker, asked.principal, scope);
  const access = await questions.access.principal(asker.tenantId, principal.objectId);
  const decision = access.decide(permission, scope);
  const known = Object.values(BATCH_PERMISSIONS).find(
    ({ name, kind }) => kind === permission.kind && name.toLowerCase() === permission.name.toLowerCase(),
  );
  const operation =
    known && decideOperation(access, { permission: known, isRead: known.name.endsWith("/read") }, scope);
  return {
    principal,
    permission,
    scope,
    allowed: decision.allowed,
    by: decision.allowed ? decision.by : null,
    considered: decision.allowed ? [] : access.explain(permission, scope),
    builtInRoles: builtInRolesGranting(permission),
    operations:
      operation === undefined
        ? null
        : { allowed: operation.allowed, by: operation.allowed ? operation.by : [] },
  };
}

/** What the asker may see of the audit log, oldest first. @throws Fault PrincipalNotFound */
export async function auditRead(
  questions: AccessQuestions,
  asker: Asker,
  asked: {
    readonly principal?: string | undefined;
    readonly since?: number | undefined;
    readonly until?: number | undefined;
    readonly last: number;
  },
): Promise<AuditEntry[]> {
  const { since, until, last } = asked;
  const principal =
    asked.principal === undefined ? undefined : await principalNamed(questions, asker, asked.principal);
  const mayAsk = await asksAbout(questions, asker);
  return questions.journal.audit.query({
    principalId: principal?.objectId,
    since,
    until,
    last,
    accepts: ({ caller, scope }) => caller.tenantId === asker.tenantId && mayAsk(caller.principalId, scope),
  });
}

/** @throws Fault AuthorizationFailed, PrincipalNotFound, InvalidScope, BadRequestFormat, TooManyRecordings */
export async function recordingStart(
  questions: AccessQuestions,
  asker: Asker,
  asked: { readonly principal: string; readonly scope: string; readonly durationMs: number },
): Promise<RecordedRole> {
  const principal = await principalAsked(questions, asker, asked.principal, asked.scope);
  const recording = questions.journal.recordings.start(
    asker.tenantId,
    principal.objectId,
    asked.scope,
    asked.durationMs,
  );
  return recordedRole(principal, recording);
}

/** @throws Fault AuthorizationFailed, PrincipalNotFound, RecordingNotFound */
export async function recordingRead(
  questions: AccessQuestions,
  asker: Asker,
  name: string,
): Promise<RecordedRole> {
  const principal = await principalNamed(questions, asker, name);
  const recording = questions.journal.recordings.find(asker.tenantId, principal.objectId);
  if (recording === undefined) throw noRecording(name);
  await requireToAsk(questions, asker, principal.objectId, recording.scope);
  return recordedRole(principal, recording);
}

/** Ends the recording and gives what it holds. @throws as `recordingRead` */
export async function recordingStop(
  questions: AccessQuestions,
  asker: Asker,
  name: string,
): Promise<RecordedRole> {
  const recorded = await recordingRead(questions, asker, name);
  questions.journal.recordings.stop(asker.tenantId, recorded.principal.objectId);
  return recorded;
}

function recordedRole(
  principal: FoundPrincipal,
  { tenantId: _, principalId: __, ...recording }: Recording,
): RecordedRole {
  const day = new Date(recording.startedAt).toISOString().slice(0, 19);
  const named = {
    roleName: `Used by ${principal.displayName} ${day}`,
    description: `The permissions that ${principal.displayName} used while it was recorded.`,
  };
  return {
    principal,
    recording,
    role: recording.used.length === 0 ? null : smallestRole(recording.used, named),
    assignAt: commonScope(recording.used) ?? null,
  };
}

export async function principalAsked(
  questions: AccessQuestions,
  asker: Asker,
  name: string,
  scope: string,
): Promise<FoundPrincipal> {
  if (parseScope(scope) === undefined)
    throw new Fault("InvalidScope", `'${scope}' is no scope.`, { status: 400 });
  const principal = await principalNamed(questions, asker, name);
  await requireToAsk(questions, asker, principal.objectId, scope);
  return principal;
}

/** Everyone signed in may look up who is in the directory of its tenant. @throws Fault PrincipalNotFound */
export async function principalNamed(
  { store }: AccessQuestions,
  { tenantId }: Asker,
  name: string,
): Promise<FoundPrincipal> {
  const principal = await principalFind(store, tenantId, name);
  if (principal !== undefined) return principal;
  throw new Fault(
    "PrincipalNotFound",
    `The directory has no principal '${name}': give its object id, application id or user name.`,
    {
      status: 404,
    },
  );
}

/** @param objectId null: about everybody. @throws Fault AuthorizationFailed */
export async function requireToAsk(
  questions: AccessQuestions,
  asker: Asker,
  objectId: string | null,
  scope: string,
): Promise<void> {
  const mayAsk = await asksAbout(questions, asker);
  if (mayAsk(objectId, scope)) return;
  throw new Fault(
    "AuthorizationFailed",
    `Asking about another principal needs '${READ_ASSIGNMENTS.name}' over scope '${scope}'.`,
    { status: 403 },
  );
}

/** Whether the asker may ask about a principal (null: a holder of the account's key) at a scope. */
export async function asksAbout(
  { access }: AccessQuestions,
  { tenantId, objectId }: Asker,
): Promise<(principalId: string | null, scope: string) => boolean> {
  const own = await access.principal(tenantId, objectId);
  return (principalId, scope) => principalId === objectId || own.decide(READ_ASSIGNMENTS, scope).allowed;
}

function noRecording(name: string): Fault {
  return new Fault("RecordingNotFound", `No recording of '${name}' is on.`, { status: 404 });
}
