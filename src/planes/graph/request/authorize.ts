/** Whether the caller may do this in its directory. The decision is core/access's; here it becomes Graph's words. */
import { type GraphRefusal, isGlobalAdministrator, refusedBy } from "../../../core/access/graph-access.ts";
import { Fault } from "../../../core/fault.ts";
import type { GraphAccess } from "../../../wire/graph/access.ts";
import { type GraphOperationId, graphOperations } from "../../../wire/graph/operations.ts";
import type { Caller } from "./context.ts";

/** @throws Fault Authorization_RequestDenied (403) saying what is missing; BadRequest (400) where only a user can ask */
export function authorize(
  id: GraphOperationId,
  caller: Caller,
  path: Readonly<Record<string, string>>,
): void {
  const isOneself =
    id === "Users_Get" && caller.kind === "User" && path.id?.toLowerCase() === caller.objectId;
  const refusal = refusedBy(graphOperations[isOneself ? "Me_Get" : id].access, caller);
  if (refusal === undefined) return;
  if (refusal.lacks === "user") throw needsUser(id);
  throw denied(REASONS[refusal.lacks](refusal.anyOf.join(", ")));
}

/** For what an operation's own row cannot say. @throws Fault Authorization_RequestDenied (403) saying what is missing */
export function requireAccess(access: GraphAccess, caller: Caller): void {
  const refusal = refusedBy(access, caller);
  if (refusal === undefined) return;
  if (refusal.lacks === "user")
    throw denied("No application may do this by itself; a user must be signed in.");
  throw denied(REASONS[refusal.lacks](refusal.anyOf.join(", ")));
}

/** For what would make its doer an administrator. @throws Fault Authorization_RequestDenied */
export function requireGlobalAdministrator(caller: Caller, what: string): void {
  if (!isGlobalAdministrator(caller)) throw denied(`${what} takes a signed-in Global Administrator.`);
}

const REASONS: Record<Exclude<GraphRefusal["lacks"], "user">, (anyOf: string) => string> = {
  appRole: (anyOf) => `The application holds none of Microsoft Graph's app roles ${anyOf}.`,
  scope: (anyOf) => `The application was given none of Microsoft Graph's delegated permissions ${anyOf}.`,
  directoryRole: (anyOf) => `The user holds none of the directory roles ${anyOf}.`,
};

/** The first sentence is what clients look for. */
const denied = (why: string) =>
  new Fault("Authorization_RequestDenied", `Insufficient privileges to complete the operation. ${why}`, {
    status: 403,
  });

function needsUser(id: GraphOperationId): Fault {
  if (id.startsWith("Me_"))
    return new Fault("BadRequest", "/me request is only valid with delegated authentication flow.", {
      status: 400,
    });
  return denied("No application may do this by itself; a user must be signed in.");
}
