/** Users. Whoever holds a directory role is changed by Global Administrators alone: else anyone who may set passwords is one. */
import { checkNotLastAdministrator, directoryRolesOf } from "../../../app/directory/directory-role.ts";
import {
  checkPassword,
  type UserProfile,
  userCount,
  userCreate,
  userDelete,
  userPage,
  userPasswordSet,
  userRead,
  userSessionsRevoke,
  userUpdate,
} from "../../../app/directory/user.ts";
import { USER_KEPT } from "../../../wire/graph/kept-properties.ts";
import { USERS } from "../entity-sets.ts";
import { requireGlobalAdministrator } from "../request/authorize.ts";
import { candidates } from "../request/candidates.ts";
import { collection } from "../request/collection.ts";
import { type GraphContext, operation } from "../request/context.ts";
import { type JsonBody, readBody } from "../request/json-body.ts";
import { keptOf } from "../request/kept-properties.ts";
import { createdReply, listReply, objectReply } from "../request/list.ts";
import { namedUser } from "./named-user.ts";
import { userView } from "./user-view.ts";

export const list = operation("Users_List", async (context) => {
  const { plane, tenantId } = context;
  const find = (id: string) => userRead(plane.directory, tenantId, id);
  const users = await candidates(context, USERS, { id: find, userPrincipalName: find });
  if (users !== undefined) return listReply(context, USERS, users.map(userView));
  const { directory } = plane;
  const page = (after: string, limit: number) => userPage(directory, tenantId, after, limit);
  return listReply(
    context,
    USERS,
    collection(page, () => userCount(directory, tenantId), userView),
  );
});

export const create = operation("Users_Create", async (context) => {
  const { plane, tenantId } = context;
  const body = await readBody(context.exchange);
  const enabled = body.boolean("accountEnabled");
  if (enabled === undefined || enabled === null) throw body.wrong("accountEnabled", "is required");
  const displayName = body.requiredText("displayName");
  const userPrincipalName = body.requiredText("userPrincipalName");
  body.requiredText("mailNickname");
  const { password, profile: ofPassword } = passwordOf(body);
  if (password === undefined) throw body.wrong("passwordProfile", "is required");
  const profile = { ...profileOf(body), ...ofPassword };
  body.end();
  const given = { userPrincipalName, displayName, password, enabled, profile };
  const user = await userCreate(plane.directory, tenantId, given, plane.clock());
  return createdReply(context, USERS, userView(user));
});

export const get = operation("Users_Get", async (context) => {
  return objectReply(context, USERS, userView(await namedUser(context)));
});

export const update = operation("Users_Update", async (context) => {
  const { plane, tenantId, caller } = context;
  const { directory } = plane;
  const { objectId, profile: before } = await namedUser(context);
  const body = await readBody(context.exchange);
  const displayName = body.givenText("displayName");
  const userPrincipalName = body.givenText("userPrincipalName");
  const enabled = body.boolean("accountEnabled") ?? undefined;
  const { password, profile: ofPassword } = passwordOf(body);
  const profile = { ...profileOf(body, before), ...ofPassword };
  body.end();
  const mustChange = ofPassword.forceChangePasswordNextSignIn;
  const isSensitive = [userPrincipalName, enabled, password, mustChange].some((value) => value !== undefined);
  if (isSensitive && (await isAdministrator(context, objectId)))
    requireGlobalAdministrator(caller, "Changing an administrator's password, state or name");
  if (enabled === false) await checkNotLastAdministrator(directory, tenantId, objectId);
  await userUpdate(directory, tenantId, objectId, {
    ...(displayName !== undefined && { displayName }),
    ...(userPrincipalName !== undefined && { userPrincipalName }),
    ...(enabled !== undefined && { enabled }),
    profile,
  });
  if (password !== undefined)
    await userPasswordSet(directory, tenantId, objectId, password, plane.clock(), mustChange);
  return {};
});

export const remove = operation("Users_Delete", async (context) => {
  const { objectId } = await namedUser(context);
  if (await isAdministrator(context, objectId))
    requireGlobalAdministrator(context.caller, "Deleting an administrator");
  await checkNotLastAdministrator(context.plane.directory, context.tenantId, objectId);
  await userDelete(context.plane.directory, context.tenantId, objectId, context.plane.clock());
  return {};
});

export const revokeSessions = operation("Users_RevokeSignInSessions", async (context) => {
  const { plane, tenantId } = context;
  const { objectId } = await namedUser(context);
  await userSessionsRevoke(plane.directory, tenantId, objectId, plane.clock());
  return { json: { value: true } };
});

async function isAdministrator({ plane, tenantId }: GraphContext, objectId: string): Promise<boolean> {
  return (await directoryRolesOf(plane.directory, tenantId, objectId)).size > 0;
}

interface PasswordProfile {
  readonly password: string | undefined;
  readonly profile: Pick<UserProfile, "forceChangePasswordNextSignIn">;
}

function passwordOf(body: JsonBody): PasswordProfile {
  const given = body.object("passwordProfile");
  if (given === undefined) return { password: undefined, profile: {} };
  const forces = given.boolean("forceChangePasswordNextSignIn") ?? undefined;
  given.unbuilt("forceChangePasswordNextSignInWithMfa");
  const password = given.givenText("password");
  if (password !== undefined) checkPassword(password);
  return { password, profile: forces === undefined ? {} : { forceChangePasswordNextSignIn: forces } };
}

const PROFILE = [
  "givenName",
  "surname",
  "mail",
  "mailNickname",
  "preferredLanguage",
] as const satisfies readonly (keyof UserProfile)[];

/** Of other services, or of other ways to sign in. */
const UNBUILT_USER_PROPERTIES = [
  "aboutMe",
  "birthday",
  "customSecurityAttributes",
  "hireDate",
  "identities",
  "interests",
  "mySite",
  "pastProjects",
  "preferredName",
  "responsibilities",
  "schools",
  "skills",
] as const;

function profileOf(body: JsonBody, before: UserProfile = {}): UserProfile {
  body.unbuilt(...UNBUILT_USER_PROPERTIES);
  if ((body.word("userType", ["Member", "Guest"]) ?? "Member") !== "Member")
    throw body.wrong("userType", "must be Member: guests are not built");
  const profile: Record<string, unknown> = { ...keptOf(body, USER_KEPT, before) };
  for (const name of PROFILE) {
    const value = body.text(name, 256);
    if (value !== undefined) profile[name] = value;
  }
  return profile;
}
