/**
 * Refresh tokens: each brings the next of its family, and stays good until its own end, so that clients that share a cache do not end each other's
 * sign-in. Source: "Refresh tokens in the Microsoft identity platform".
 */
import type { Connection } from "../../store/engine/connection.ts";
import { refreshTokenByHash, refreshTokenInsert, signInFamilyExtend } from "../../store/sign-in.ts";
import { isFamilyClient } from "../../wire/entra/first-party.ts";
import type { Directory } from "../directory/directory.ts";
import { aadsts } from "./aadsts.ts";
import type { DelegatedRequest } from "./delegated-request.ts";
import { newSecretToken, secretTokenHash } from "./secret-token.ts";
import {
  familyBegin,
  familyFind,
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

/** What the token stands for; the next one is `refreshTokenRenew`'s. @throws Fault 70000 */
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
 * The next of its family. The one that was shown is as good as before, until its own end.
 * @throws Fault 50173 for one that was revoked, 700082 or 700084 for one that has expired
 */
export async function refreshTokenRenew(
  directory: Directory,
  token: string,
  request: DelegatedRequest,
  now: number,
): Promise<string> {
  return directory.record(async (c) => {
    const row = await refreshTokenByHash.first(c, { hash: secretTokenHash(token) });
    const family = row && (await familyFind(c, row.family_id));
    if (row === undefined || family === undefined || family.isRevoked) throw aadsts(50173);
    if (now >= row.expires_at) throw aadsts(family.platform === "spa" ? 700084 : 700082);
    return insertToken(c, family, request, now);
  });
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
    expires_at: expiresAt,
  });
  await signInFamilyExtend.run(c, { id: family.id, expires_at: expiresAt });
  return token;
}
