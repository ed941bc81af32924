/** Users: making, reading, changing and deleting them. Signing one in is app/sign-in's. */
import { randomUUID } from "node:crypto";
import type { TokenUser } from "../../core/token/optional-claims.ts";
import { tenantByDomain } from "../../store/directory.ts";
import type { Connection } from "../../store/engine/connection.ts";
import {
  type UserRow,
  userByObjectId,
  userByPrincipalName,
  userInsert,
  userPasswordHashSet,
  userRowUpdate,
  userSessionsRevokedSet,
  usersCount,
  usersPage,
} from "../../store/users.ts";
import type { KeptValues } from "../../wire/graph/kept-properties.ts";
import { hashPassword } from "../secrets/password-hash.ts";
import { userSetAside } from "./deletion/deleted-rows.ts";
import type { Directory } from "./directory.ts";
import { badDirectoryRequest, directoryObjectMissing, objectConflict } from "./directory-fault.ts";

export interface User {
  readonly objectId: string;
  readonly tenantId: string;
  /** Lower-case; one in the whole installation has it. */
  readonly userPrincipalName: string;
  readonly displayName: string;
  readonly enabled: boolean;
  readonly createdAt: number;
  readonly profile: UserProfile;
  /** Epoch milliseconds; sessions and refresh tokens from before are void. */
  readonly sessionsValidFrom: number;
}

/** What tokens tell of a user, and what is kept beside it. */
export type UserProfile = KeptValues &
  Readonly<
    Partial<
      Record<"givenName" | "surname" | "mail" | "mailNickname" | "preferredLanguage", string | null> & {
        /** Of the password: with this one the user can do no more than choose another. */
        readonly forceChangePasswordNextSignIn: boolean;
      }
    >
  >;

export interface NewUser {
  readonly userPrincipalName: string;
  readonly displayName: string;
  readonly password: string;
  readonly enabled?: boolean;
  readonly profile?: UserProfile;
}

const PASSWORD_LENGTH = { min: 8, max: 256 };
/** "Password policies and account restrictions": what stands before the @. */
const PRINCIPAL_NAME = /^[A-Za-z0-9'._!#^~-]{1,113}@[A-Za-z0-9.-]{1,190}$/;

/** @throws Fault Request_BadRequest */
export async function userCreate(
  directory: Directory,
  tenantId: string,
  { userPrincipalName, displayName, password, enabled = true, profile = {} }: NewUser,
  now: number,
): Promise<User> {
  checkDisplayName(displayName);
  checkPassword(password);
  // What is refused costs no hash.
  await checkPrincipalName(directory.read, tenantId, userPrincipalName.toLowerCase());
  const hashed = await hashPassword(password);
  const row: UserRow = {
    object_id: randomUUID(),
    tenant_id: tenantId,
    user_principal_name: userPrincipalName.toLowerCase(),
    display_name: displayName,
    password: hashed,
    enabled: enabled ? 1 : 0,
    created_at: now,
    profile: JSON.stringify(profile),
    failed_sign_ins: 0,
    locked_until: 0,
    sessions_valid_from: 0,
  };
  await directory.grow(async (c) => {
    await checkPrincipalName(c, tenantId, row.user_principal_name);
    await userInsert.run(c, row);
  });
  return user(row);
}

/** In the order of their ids. @param after the id of the last one that was seen */
export async function userPage(
  directory: Directory,
  tenantId: string,
  after: string,
  limit: number,
): Promise<User[]> {
  return (await usersPage.all(directory.read, { tenant_id: tenantId, after, limit })).map(user);
}

export async function userCount(directory: Directory, tenantId: string): Promise<number> {
  return (await usersCount.first(directory.read, { tenant_id: tenantId }))?.count ?? 0;
}

/** @param id object id or user principal name. @throws Fault Request_ResourceNotFound */
export async function userRead(directory: Directory, tenantId: string, id: string): Promise<User> {
  return user(await requireRow(directory.read, tenantId, id));
}

/** Of any tenant: a user principal name tells it. */
export async function userFindByPrincipalName(directory: Directory, name: string): Promise<User | undefined> {
  const row = await userByPrincipalName.first(directory.read, { user_principal_name: name.toLowerCase() });
  return row && user(row);
}

export async function userFind(
  directory: Directory,
  tenantId: string,
  objectId: string,
): Promise<User | undefined> {
  const row = await userByObjectId.first(directory.read, { tenant_id: tenantId, object_id: objectId });
  return row && user(row);
}

export type UserChange = Partial<Pick<User, "userPrincipalName" | "displayName" | "enabled" | "profile">>;

/** @param change `profile` is merged into what there is, the rest replaces it */
export async function userUpdate(
  directory: Directory,
  tenantId: string,
  id: string,
  change: UserChange,
): Promise<User> {
  return directory.change(async (c) => {
    const row = await requireRow(c, tenantId, id);
    const before = user(row);
    const userPrincipalName = (change.userPrincipalName ?? before.userPrincipalName).toLowerCase();
    if (userPrincipalName !== before.userPrincipalName)
      await checkPrincipalName(c, tenantId, userPrincipalName);
    const after = {
      ...before,
      ...change,
      userPrincipalName,
      profile: { ...before.profile, ...change.profile },
    };
    checkDisplayName(after.displayName);
    await userRowUpdate.run(c, {
      object_id: after.objectId,
      user_principal_name: after.userPrincipalName,
      display_name: after.displayName,
      enabled: after.enabled ? 1 : 0,
      profile: JSON.stringify(after.profile),
    });
    return after;
  });
}

/**
 * Ends the user's sessions and any lock-out.
 * @param mustChange whether the user has to choose another one at the next sign-in; undefined leaves that as it is
 */
export async function userPasswordSet(
  directory: Directory,
  tenantId: string,
  id: string,
  password: string,
  now: number,
  mustChange?: boolean,
): Promise<void> {
  checkPassword(password);
  await requireRow(directory.read, tenantId, id);
  const hashed = await hashPassword(password);
  await directory.change(async (c) => {
    const row = await requireRow(c, tenantId, id);
    const { object_id } = row;
    await userPasswordHashSet.run(c, { object_id, password: hashed, sessions_valid_from: now });
    if (mustChange === undefined) return;
    const profile = { ...user(row).profile, forceChangePasswordNextSignIn: mustChange };
    await userRowUpdate.run(c, { ...row, profile: JSON.stringify(profile) });
  });
}

export async function userSessionsRevoke(
  directory: Directory,
  tenantId: string,
  id: string,
  now: number,
): Promise<void> {
  await directory.change(async (c) => {
    const { object_id } = await requireRow(c, tenantId, id);
    await userSessionsRevokedSet.run(c, { object_id, sessions_valid_from: now });
  });
}

/** The user can be restored; until then the name is free, and nobody signs in by it. @param now epoch milliseconds */
export async function userDelete(
  directory: Directory,
  tenantId: string,
  id: string,
  now: number,
): Promise<void> {
  await directory.change(async (c) => userSetAside(c, await requireRow(c, tenantId, id), now));
}

async function requireRow(c: Connection, tenantId: string, id: string): Promise<UserRow> {
  const lower = id.toLowerCase();
  const row =
    (await userByObjectId.first(c, { tenant_id: tenantId, object_id: lower })) ??
    (await userByPrincipalName.first(c, { user_principal_name: lower }));
  if (row?.tenant_id !== tenantId) throw directoryObjectMissing("user", id);
  return row;
}

export async function checkPrincipalName(c: Connection, tenantId: string, name: string): Promise<void> {
  const domain = name.slice(name.lastIndexOf("@") + 1);
  if (!PRINCIPAL_NAME.test(name))
    throw badDirectoryRequest("A user principal name reads 'name@domain'.", "userPrincipalName");
  if ((await tenantByDomain.first(c, { domain }))?.id !== tenantId)
    throw badDirectoryRequest(`'${domain}' is no verified domain of this tenant.`, "userPrincipalName");
  if (await userByPrincipalName.first(c, { user_principal_name: name }))
    throw objectConflict("userPrincipalName");
}

function checkDisplayName(name: string): void {
  if (name === "" || name.length > 256)
    throw badDirectoryRequest("A display name has 1 to 256 characters.", "displayName");
}

/** @throws Fault Request_BadRequest */
export function checkPassword(password: string): void {
  const { min, max } = PASSWORD_LENGTH;
  if (password.length < min || password.length > max)
    throw badDirectoryRequest(`A password has ${min} to ${max} characters.`, "passwordProfile");
}

/** As tokens tell it. */
export function tokenUser({ displayName, userPrincipalName, profile }: User): TokenUser {
  const { givenName = null, surname = null, mail = null, preferredLanguage = null } = profile;
  return { displayName, userPrincipalName, givenName, surname, mail, preferredLanguage };
}

/** The password's hash stays behind. */
export function user(row: UserRow): User {
  return {
    objectId: row.object_id,
    tenantId: row.tenant_id,
    userPrincipalName: row.user_principal_name,
    displayName: row.display_name,
    enabled: row.enabled === 1,
    createdAt: row.created_at,
    profile: JSON.parse(row.profile) as UserProfile,
    sessionsValidFrom: row.sessions_valid_from,
  };
}
