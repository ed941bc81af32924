/** Single sign-on: a browser that has signed in once need not again for a day. */
import { sessionByHash, sessionDelete, sessionInsert } from "../../store/sign-in.ts";
import type { Directory } from "../directory/directory.ts";
import { userFind } from "../directory/user.ts";
import { newSecretToken, secretTokenHash } from "./secret-token.ts";
import type { SignedInUser } from "./signed-in-user.ts";

const SESSION_LIFETIME_MS = 86_400_000;

/** @returns the cookie's value */
export async function sessionBegin(
  directory: Directory,
  { user, authAt }: SignedInUser,
  now: number,
): Promise<string> {
  const token = newSecretToken();
  await directory.record((c) =>
    sessionInsert.run(c, {
      hash: secretTokenHash(token),
      tenant_id: user.tenantId,
      user_id: user.objectId,
      auth_at: authAt,
      expires_at: now + SESSION_LIFETIME_MS,
    }),
  );
  return token;
}

/** Who is signed in; nobody once the user is disabled, deleted or has a new password. */
export async function sessionFind(
  directory: Directory,
  token: string,
  now: number,
): Promise<SignedInUser | undefined> {
  const row = await sessionByHash.first(directory.read, { hash: secretTokenHash(token) });
  if (row === undefined || now >= row.expires_at) return undefined;
  const user = await userFind(directory, row.tenant_id, row.user_id);
  if (user === undefined || !user.enabled || row.auth_at < user.sessionsValidFrom) return undefined;
  return { user, authAt: row.auth_at };
}

export async function sessionEnd(directory: Directory, token: string): Promise<void> {
  await directory.record((c) => sessionDelete.run(c, { hash: secretTokenHash(token) }));
}
