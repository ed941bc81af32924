/** Refresh tokens: each is used once and replaced by the next of its family. */
import type { Connection } from "../../store/engine/connection.ts";
import {
  refreshTokenByHash,
  refreshTokenInsert,
  refreshTokenUse,
  signInFamilyExtend,
} from "../../store/sign-in.ts";
import { isFamilyClient } from "../../wire/entra/first-party.ts";
import type { Directory } from "../directory/directory.ts";
import { aadsts } from "./aadsts.ts";
import type { DelegatedRequest } from "./delegated-request.ts";
import { newSecretToken, secretTokenHash } from "./secret-token.ts";
import {
  familyBegin,
  familyFind,
  familyRevoke,
  type NewFamily,
  refreshTokenEnd,
  type SignInFamily,
} from "./sign-in-family.ts";

/** The first one of a sign-in that went without a code. */
export async function firstRefreshTokenIssue(
  directory: Directory,
  family: NewFamily,
  request: DelegatedRequest,
  now: number,
): Promise<string> {
  return directory.record(async (c) => insertToken(c, await familyBegin(c, family, now), request, now));
}

/** The first one behind a code. */
export async function refreshTokenIssue(
  directory: Directory,
  family: SignInFamily,
  request: DelegatedRequest,
  now: number,
): Promise<string> {
  return directory.record((c) => insertToken(c, family, request, now));
}

export interface RefreshTokenFound {
  readonly family: SignInFamily;
  /** What it was issued with: the default of the next request. */
  readonly request: DelegatedRequest;
}

/** What the token stands for; using it up is `rotateRefreshToken`'s. @throws Fault 70000 */
export async function refreshTokenFind(
  directory: Directory,
  token: string,
  appId: string,
): Promise<RefreshTokenFound> {
  const row = await refreshTokenByHash.first(directory.read, { hash: secretTokenHash(token) });
  const family = row && (await familyFind(directory.read, row.family_id));
  if (row === undefined || family === undefined || !mayUse(family, appId))
    throw aadsts(70000, { reason: "the refresh token is unknown, or another client's." });
  return { family, request: JSON.parse(row.scope) as DelegatedRequest };
}

const mayUse = (family: SignInFamily, appId: string): boolean =>
  family.appId === appId || (isFamilyClient(family.appId) && isFamilyClient(appId));

/**
 * In one transaction: of two requests with one token the second finds it used, and ends the family.
 * @throws Fault 50173 for one that was used or revoked, 700082 or 700084 for one that has expired
 */
export async function refreshTokenRotate(
  directory: Directory,
  token: string,
  request: DelegatedRequest,
  now: number,
): Promise<string> {
  const key = secretTokenHash(token);
  const next = await directory.record(async (c) => {
    const row = await refreshTokenByHash.first(c, { hash: key });
    const family = row && (await familyFind(c, row.family_id));
    if (row === undefined || family === undefined) throw aadsts(50173);
    if (family.isRevoked) throw aadsts(50173);
    if (row.used_at !== null) {
      await familyRevoke(c, family.id, now);
      return undefined;
    }
    if (now >= row.expires_at) throw aadsts(family.platform === "spa" ? 700084 : 700082);
    await refreshTokenUse.run(c, { hash: key, used_at: now });
    return insertToken(c, family, request, now);
  });
  if (next === undefined) throw aadsts(50173);
  return next;
}

async function insertToken(
  c: Connection,
  family: SignInFamily,
  request: DelegatedRequest,
  now: number,
): Promise<string> {
  const token = newSecretToken();
  const expiresAt = refreshTokenEnd(family, now);
  await refreshTokenInsert.run(c, {
    hash: secretTokenHash(token),
    family_id: family.id,
    scope: JSON.stringify(request),
    used_at: null,
    expires_at: expiresAt,
  });
  await signInFamilyExtend.run(c, { id: family.id, expires_at: expiresAt });
  return token;
}
