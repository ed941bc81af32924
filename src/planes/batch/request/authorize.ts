/** Whether the caller may call the operation on this account, decided from the roles of the tenant before anything is looked up. */
import { callerOf, type JudgedRequest } from "../../../app/access/judged-request.ts";
import { type AccountHandle, accountScope } from "../../../app/accounts/account-handle.ts";
import {
  decideOperation,
  explainOperation,
  type OperationDenial,
  ownPermissions,
} from "../../../core/access/operation-access.ts";
import { Fault } from "../../../core/fault.ts";
import type { Exchange } from "../../../http/exchange.ts";
import { type BatchOperationId, batchOperations } from "../../../wire/batch/operations.gen.ts";
import { batchOperationAccess } from "../../../wire/batch/permissions.ts";
import type { Caller } from "./authenticate.ts";
import type { BatchPlane } from "./batch-plane.ts";

export interface Authorization {
  readonly account: AccountHandle;
  readonly operation: BatchOperationId;
  /** As it was asked for. */
  readonly apiVersion: string;
  /** The path's parameters. */
  readonly path: Readonly<Record<string, string>>;
  /** Checked against the operation's model; tells whether an auto pool is asked for. */
  readonly body: unknown;
}

/** Assignments that a denial tells its caller; `access explain` tells the rest. */
const TOLD_ASSIGNMENTS = 5;

/** Synchronous but for a principal; a shared key is allowed everything. @throws Fault PermissionDenied saying what is missing */
export function authorize(
  plane: BatchPlane,
  exchange: Exchange,
  caller: Caller,
  asked: Authorization,
): Promise<void> | undefined {
  if (caller.kind === "principal") return authorizePrincipal(plane, exchange, caller, asked);
  if (caller.kind === "task") return authorizeTask(plane, exchange, caller, asked);
  if (!batchOperationAccess(asked.operation).isRead) {
    exchange.onEnd(plane.journal.allowed(judged(plane, exchange, caller, asked), [], "SharedKey"));
  }
  return undefined;
}

/** A task's token opens the operations on its job and what lies in it; roles do not matter. */
function authorizeTask(
  plane: BatchPlane,
  exchange: Exchange,
  caller: Extract<Caller, { kind: "task" }>,
  asked: Authorization,
): undefined {
  const { jobId, taskId } = caller.task;
  const access = { ...batchOperationAccess(asked.operation), withAutoPool: bringsAutoPool(asked.body) };
  const isOwnJob =
    batchOperations[asked.operation].path.split("/", 3).join("/") === "/jobs/{jobId}" &&
    asked.path.jobId?.toLowerCase() === jobId.toLowerCase();
  // A job that is changed to bring a pool of its own reaches beyond the job.
  if (isOwnJob && !access.withAutoPool) {
    if (access.isRead) return;
    const told = plane.journal.allowed(judged(plane, exchange, caller, asked), [], "TaskAuthenticationToken");
    exchange.onEnd(told);
    return;
  }
  const denial = { missing: access.permission, considered: [], builtInRoles: [] };
  exchange.onEnd(plane.journal.denied(judged(plane, exchange, caller, asked), denial));
  throw new Fault("PermissionDenied", "", {
    values: [
      {
        key: "Reason",
        value: "A task authentication token opens the operations on the task's own job alone.",
      },
      { key: "JobId", value: jobId },
      { key: "TaskId", value: taskId },
    ],
  });
}

async function authorizePrincipal(
  plane: BatchPlane,
  exchange: Exchange,
  caller: Extract<Caller, { kind: "principal" }>,
  asked: Authorization,
): Promise<void> {
  const { journal } = plane;
  const { objectId } = caller.principal;
  const scope = accountScope(asked.account);
  const access = await plane.access.principal(asked.account.tenantId, objectId);
  const operation = { ...batchOperationAccess(asked.operation), withAutoPool: bringsAutoPool(asked.body) };
  const decision = decideOperation(access, operation, scope);
  if (decision.allowed) {
    const own = ownPermissions(operation);
    if (!operation.isRead)
      exchange.onEnd(journal.allowed(judged(plane, exchange, caller, asked), own, decision.by));
    else if (journal.recordings.isOn(objectId)) journal.recordings.use(objectId, own, scope);
    return;
  }
  const denial = explainOperation(access, operation, decision.missing, scope);
  exchange.onEnd(journal.denied(judged(plane, exchange, caller, asked), denial));
  throw permissionDenied(objectId, scope, denial);
}

function permissionDenied(
  objectId: string,
  scope: string,
  { missing, considered, builtInRoles }: OperationDenial,
): Fault {
  const told = considered
    .slice(0, TOLD_ASSIGNMENTS)
    .map((held) => `${held.roleName} at ${held.scope}: ${held.why}`);
  return new Fault("PermissionDenied", "", {
    values: [
      { key: "PrincipalId", value: objectId },
      { key: missing.kind === "action" ? "Action" : "DataAction", value: missing.name },
      { key: "Scope", value: scope },
      { key: "RoleAssignments", value: told.length === 0 ? "none" : told.join("; ") },
      { key: "BuiltInRoles", value: builtInRoles.join(", ") },
    ],
  });
}

function judged(plane: BatchPlane, exchange: Exchange, caller: Caller, asked: Authorization): JudgedRequest {
  const { tenantId } = asked.account;
  return {
    requestId: exchange.id,
    at: plane.clock(),
    caller: journalCaller(tenantId, caller),
    plane: "batch",
    operation: asked.operation,
    apiVersion: asked.apiVersion,
    client: exchange.userAgent,
    scope: accountScope(asked.account),
    target: exchange.shortPath,
  };
}

function journalCaller(tenantId: string, caller: Caller): JudgedRequest["caller"] {
  const nobody = { tenantId, principalId: null, appId: null };
  switch (caller.kind) {
    case "principal":
      return callerOf(caller.principal);
    case "task":
      return { ...nobody, principalType: "Task", task: caller.task };
    case "sharedKey":
      return { ...nobody, principalType: "SharedKey" };
  }
}

/** A job, or the job of a schedule, that asks for a pool of its own. */
function bringsAutoPool(body: unknown): boolean {
  if (typeof body !== "object" || body === null) return false;
  const { poolInfo, jobSpecification } = body as {
    poolInfo?: object;
    jobSpecification?: { poolInfo?: object };
  };
  return [poolInfo, jobSpecification?.poolInfo].some(
    (info) => info !== undefined && "autoPoolSpecification" in info,
  );
}
