/** The signed-in user. */
import { userRead, userSessionsRevoke } from "../../../app/directory/user.ts";
import { USERS } from "../entity-sets.ts";
import { operation } from "../request/context.ts";
import { objectReply } from "../request/list.ts";
import { userView } from "./user-view.ts";

export const get = operation("Me_Get", async (context) => {
  const { plane, tenantId, caller } = context;
  return objectReply(context, USERS, userView(await userRead(plane.directory, tenantId, caller.objectId)));
});

export const revokeSessions = operation("Me_RevokeSignInSessions", async ({ plane, tenantId, caller }) => {
  await userSessionsRevoke(plane.directory, tenantId, caller.objectId, plane.clock());
  return { json: { value: true } };
});
