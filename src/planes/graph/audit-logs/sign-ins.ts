/** The sign-in log, as an administrator reads it: users' and applications' sign-ins, and what was refused. */

import { directoryObjectMissing } from "../../../app/directory/directory-fault.ts";
import { directoryObjectFind } from "../../../app/directory/directory-object.ts";
import { userFind } from "../../../app/directory/user.ts";
import { tokenId } from "../../../core/token/access-token-claims.ts";
import type { AuditEntry, SignInDetails } from "../../../wire/access/access-api.ts";
import { SIGN_INS } from "../entity-sets.ts";
import { type GraphContext, operation } from "../request/context.ts";
import { keyOf } from "../request/key.ts";
import { listReply, objectReply } from "../request/list.ts";
import { auditId } from "./audit-id.ts";
import { entryViews, entryWith, Remembered } from "./entry-views.ts";

/** The newest so many can be read. */
export const AUDIT_READ_MAX = 5_000;

export const list = operation("AuditLogs_ListSignIns", async (context) =>
  listReply(context, SIGN_INS, await signInViews(context, await signInEntries(context))),
);

export const get = operation("AuditLogs_GetSignIn", async (context) => {
  const { value } = keyOf(context.path.id, "id");
  const found = entryWith(await signInEntries(context), value);
  const [view] = found ? await signInViews(context, [found]) : [];
  if (view === undefined) throw directoryObjectMissing("sign-in", value);
  return objectReply(context, SIGN_INS, view);
});

function signInEntries({ plane, tenantId }: GraphContext): Promise<AuditEntry[]> {
  return plane.journal.audit.query({
    accepts: ({ signIn, caller }) => signIn !== undefined && caller.tenantId === tenantId,
    last: AUDIT_READ_MAX,
  });
}

function signInViews(context: GraphContext, entries: readonly AuditEntry[]) {
  const names = new Remembered<Names>();
  return entryViews(entries, (entry) => signInView(context, names, entry));
}

interface Names {
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
}

async function namesOf({ plane, tenantId }: GraphContext, id: string): Promise<Names> {
  const user = await userFind(plane.directory, tenantId, id);
  const found = user ?? (await directoryObjectFind(plane.directory, tenantId, id))?.object;
  return { displayName: found?.displayName ?? null, userPrincipalName: user?.userPrincipalName ?? null };
}

async function signInView(context: GraphContext, names: Remembered<Names>, entry: AuditEntry) {
  const { caller, time, requestId, times, signIn = NO_DETAILS } = entry;
  const { principalId, appId } = caller;
  const known =
    principalId === null ? NOBODY : await names.of(principalId, () => namesOf(context, principalId));
  const application =
    appId === null
      ? undefined
      : await names.of(`app ${appId}`, async () => ({
          displayName: (await context.plane.directory.client(context.tenantId, appId))?.displayName ?? null,
          userPrincipalName: null,
        }));
  const isApplication = signIn.kind === "servicePrincipal";
  return {
    id: auditId(entry),
    createdDateTime: time,
    userDisplayName: isApplication ? null : known.displayName,
    userPrincipalName: isApplication ? null : known.userPrincipalName,
    userId: isApplication ? null : principalId,
    servicePrincipalId: isApplication ? principalId : null,
    servicePrincipalName: isApplication ? known.displayName : null,
    appId,
    appDisplayName: application?.displayName ?? null,
    ipAddress: signIn.source,
    clientAppUsed: signIn.client,
    correlationId: requestId,
    // The token's own `uti`. A line that tells of several sign-ins is about none of their tokens.
    uniqueTokenIdentifier: times === undefined && signIn.errorCode === 0 ? tokenId(requestId) : null,
    isInteractive: signIn.kind === "interactiveUser",
    signInEventTypes: [signIn.kind],
    resourceDisplayName: signIn.resource ?? null,
    status: {
      errorCode: signIn.errorCode,
      failureReason: signIn.failureReason ?? "Other.",
      additionalDetails: times === undefined ? null : `${times} like it within a minute`,
    },
    conditionalAccessStatus: "notApplied",
    appliedConditionalAccessPolicies: [],
    riskDetail: "none",
    riskLevelAggregated: "none",
    riskLevelDuringSignIn: "none",
    riskState: "none",
    riskEventTypes_v2: [],
  };
}

const NOBODY: Names = { displayName: null, userPrincipalName: null };
const NO_DETAILS: SignInDetails = {
  kind: "interactiveUser",
  client: "Browser",
  source: "",
  errorCode: 0,
};
