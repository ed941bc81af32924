/** Single sign-on: a browser that has signed in once need not again for a day; which applications it was signed in to is known at its end. */
import { randomUUID } from "node:crypto";
import {
  sessionApplicationInsert,
  sessionApplications,
  sessionByHash,
  sessionDelete,
  sessionInsert,
} from "../../store/sign-in.ts";
import type { Directory } from "../directory/directory.ts";
import { userFind } from "../directory/user.ts";
import { newSecretToken, secretTokenHash } from "./secret-token.ts";
import type { SignedInUser } from "./signed-in-user.ts";

const SESSION_LIFETIME_MS = 86_400_000;

export interface BegunSession {
  /** The cookie's value. */
  readonly token: string;
  readonly sessionId: string;
}

export async function sessionBegin(
  directory: Directory,
  { user, authAt }: SignedInUser,
  now: number,
): Promise<BegunSession> {
  const token = newSecretToken();
  const sessionId = randomUUID();
  await directory.record((c) =>
    sessionInsert.run(c, {
      hash: secretTokenHash(token),
      id: sessionId,
      tenant_id: user.tenantId,
      user_id: user.objectId,
      auth_at: authAt,
      expires_at: now + SESSION_LIFETIME_MS,
    }),
  );
  return { token, sessionId };
}

/** The session's user; undefined once they are disabled, deleted or have a new password. */
export async function sessionFind(
  directory: Directory,
  token: string,
  now: number,
): Promise<SignedInUser | undefined> {
  const row = await sessionByHash.first(directory.read, { hash: secretTokenHash(token) });
  if (row === undefined || now >= row.expires_at) return undefined;
  const user = await userFind(directory, row.tenant_id, row.user_id);
  if (user === undefined || !user.enabled || row.auth_at < user.sessionsValidFrom) return undefined;
  return { user, authAt: row.auth_at, sessionId: row.id ?? undefined };
}

/** An application got something in this session. Where the session has ended meanwhile, nothing is written. */
export async function sessionApplicationAdd(
  directory: Directory,
  sessionId: string,
  appId: string,
): Promise<void> {
  const key = { session_id: sessionId };
  const known = await sessionApplications.all(directory.read, key);
  if (known.some(({ app_id }) => app_id === appId)) return;
  await directory.record((c) => sessionApplicationInsert.run(c, { ...key, app_id: appId }));
}

/** In the order of their ids. */
export async function sessionApplicationList(directory: Directory, sessionId: string): Promise<string[]> {
  const rows = await sessionApplications.all(directory.read, { session_id: sessionId });
  return rows.map(({ app_id }) => app_id);
}

export async function sessionEnd(directory: Directory, token: string): Promise<void> {
  await directory.record((c) => sessionDelete.run(c, { hash: secretTokenHash(token) }));
}
